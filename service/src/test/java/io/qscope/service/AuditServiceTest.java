package io.qscope.service;

import static io.qscope.service.Deployment.USER;
import static io.qscope.service.Deployment.credentials;
import static io.qscope.service.Deployment.refused;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.qscope.audit.AuditCheckpoint;
import io.qscope.audit.AuditEvent;
import io.qscope.audit.AuditReport;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Looking into the audit log, which a storage opened with keys has chained. */
@ParameterizedClass
@EnumSource
class AuditServiceTest {

    private final Engine engine;

    private Deployment deployment;
    private AuditService audit;
    private OAuthClient client;

    AuditServiceTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() {
        deployment = Deployment.on(engine);
        audit = deployment.services.audit();
        client = deployment.client();
    }

    @AfterEach
    void close() {
        deployment.close();
    }

    private List<String> latest(int count) {
        return success(audit.latest(count, deployment.ray)).stream()
                .map(AuditLog::eventType)
                .filter(type -> !type.equals(AuditEvent.CHAIN_OPENED.type()))
                .toList();
    }

    @Test
    void theNewestAreFoundHoweverLongAgoTheyWere() {
        assertThat(latest(5)).isEmpty();
        deployment.code(client);
        // One more brings the chain's opening.
        assertThat(latest(2)).containsExactly(AuditEvent.CODE_ISSUED.type());
        deployment.clock.advance(Duration.ofDays(700));
        assertThat(latest(2)).containsExactly(AuditEvent.CODE_ISSUED.type());
        deployment.tokens(client);
        assertThat(latest(2)).containsExactly(AuditEvent.CODE_ISSUED.type(), AuditEvent.CODE_REDEEMED.type());
        assertThat(latest(100)).hasSizeGreaterThanOrEqualTo(3);
        deployment.clock.advance(Duration.ofDays(2));
        deployment.code(client);
        deployment.clock.advance(Duration.ofDays(-2));
        assertThat(latest(1)).as("of a clock that went ahead").containsExactly(AuditEvent.CODE_ISSUED.type());
        assertThatIllegalArgumentException().isThrownBy(() -> audit.latest(0, deployment.ray));
    }

    @Test
    void theNewestOfManyAreFoundWithoutReadingAllOfThem() {
        for (int i = 0; i < 300; i++) {
            deployment.code(client);
            deployment.clock.advance(Duration.ofSeconds(1));
        }
        AtomicLong read = new AtomicLong();
        try (OAuthServices services = OAuthServices.builder(
                        ReadEntries.counted(deployment.storage, read), deployment.keys::get)
                .clock(deployment.clock)
                .build()) {
            assertThat(success(services.audit().latest(5, deployment.ray))).hasSize(5);
        }
        assertThat(read.get()).isLessThan(100);
    }

    @Test
    void aWalkMeetsEachEntryOfItsTimeOnce() {
        Instant start = deployment.clock.instant();
        for (int i = 0; i < 3; i++) {
            deployment.code(client);
            deployment.clock.advance(Duration.ofMinutes(1));
        }
        List<Instant> met = new ArrayList<>();
        long count = success(audit.walk(
                start, start.plus(Duration.ofMinutes(2)), entry -> met.add(entry.createdAt()), deployment.ray));
        assertThat(met.stream().filter(at -> !at.equals(start))).containsExactly(start.plus(Duration.ofMinutes(1)));
        assertThat(count).isEqualTo(met.size());
    }

    @Test
    void aRequestAndAPersonAreFound() {
        RayId wanted = RayId.random();
        success(deployment.services.codes().issue(Deployment.codeRequest(client).build(), wanted));
        assertThat(success(audit.ofRay(wanted, Page.first(10), deployment.ray)).rows())
                .singleElement()
                .satisfies(
                        entry -> assertThat(audit.referencesTo(USER)).containsExactly(String.valueOf(entry.userId())));
        deployment.keys.updateAndGet(ring -> ring.writingWith(Key.generate("second")));
        assertThat(audit.referencesTo(USER)).hasSize(2);
    }

    @Test
    void everythingThatTheServicesWriteIsChainedAndVerifies() {
        deployment.tokens(client);
        success(deployment.services.tokens().clientCredentials(credentials(client), null, Map.of(), deployment.ray));
        AtomicLong read = new AtomicLong();
        AuditReport report = success(audit.verify(List.of(), read::set, deployment.ray));
        assertThat(report.findings()).isEmpty();
        assertThat(report.entries()).isEqualTo(1 + deployment.entries().size()).isEqualTo(4);
        assertThat(read.get()).isEqualTo(2 * report.entries());

        AuditCheckpoint checkpoint = success(audit.checkpoint(List.of(), done -> {}, deployment.ray));
        deployment.tokens(client);
        assertThat(success(audit.verify(List.of(checkpoint), done -> {}, deployment.ray))
                        .isIntact())
                .isTrue();
        // By other keys nothing is what it should be, and there is nothing to make a checkpoint of.
        deployment.keys.set(KeyRing.of(Key.generate("other")));
        assertThat(success(audit.verify(List.of(), done -> {}, deployment.ray)).isIntact())
                .isFalse();
        refused(audit.checkpoint(List.of(), done -> {}, deployment.ray), ServiceError.CONFLICT);
    }

    /** What an earlier one pins must not be signed away by the next. */
    @Test
    void aCheckpointIsMadeAgainstThoseThatWereKept() {
        deployment.tokens(client);
        AuditCheckpoint kept = success(audit.checkpoint(List.of(), done -> {}, deployment.ray));
        Deployment emptied = Deployment.on(engine);
        emptied.keys.set(deployment.keys.get());
        AuditService its = emptied.services.audit();
        assertThat(success(its.checkpoint(List.of(), done -> {}, emptied.ray)).entries())
                .as("nothing is there, and nothing misses it")
                .isZero();
        refused(its.checkpoint(List.of(kept), done -> {}, emptied.ray), ServiceError.CONFLICT);

        AuditReport report = success(its.verify(List.of(kept), done -> {}, emptied.ray));
        AuditCheckpoint acknowledging = success(its.acknowledge(report, emptied.ray));
        assertThat(acknowledging.acknowledgements()).isEqualTo(2);
        AuditCheckpoint next = success(its.checkpoint(List.of(kept, acknowledging), done -> {}, emptied.ray));
        assertThat(next.acknowledgements()).isEqualTo(2);
        emptied.close();
    }

    @Test
    void anEntryIsOneLineOfJson() {
        AuditLog entry = AuditLog.builder()
                .id("id")
                .eventType("type")
                .subject("quote \" and \\ line")
                .rayId(new RayId("ray"))
                .metadata(Map.of("list", List.of("a", 1L, 2.5, true, Map.of("deep", "ü"))))
                .createdAt(Instant.parse("2026-11-24T12:00:00.001Z"))
                .createdBy("me")
                .build();
        assertThat(AuditService.toJson(entry))
                .isEqualTo("{\"id\":\"id\",\"event_type\":\"type\",\"subject\":\"quote \\\" and \\\\ line\","
                        + "\"client_id\":null,\"user_id\":null,\"ray_id\":\"ray\",\"metadata\":{\"list\":[\"a\",1,2.5,true,"
                        + "{\"deep\":\"ü\"}]},\"created_at\":\"2026-11-24T12:00:00.001Z\",\"created_by\":\"me\","
                        + "\"chain\":null,\"sequence\":null,\"previous_hash\":null,\"hash\":null}");
    }
}
