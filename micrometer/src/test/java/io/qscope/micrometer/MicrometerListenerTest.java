package io.qscope.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.qscope.memory.MemoryStorage;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.CallOutcome;
import io.qscope.store.Storage;
import io.qscope.store.StorageCall;
import io.qscope.store.StorageOptions;
import io.qscope.store.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MicrometerListenerTest {

    private static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");

    private final MeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void aCallIsTimedByOperationTableAndOutcome() {
        MicrometerListener listener = new MicrometerListener(registry);
        listener.called(call("consume", TableName.AUTHORIZATION_CODES, CallOutcome.CONSUMED, 2, 3, 4));
        listener.called(call("consume", TableName.AUTHORIZATION_CODES, CallOutcome.ALREADY_CONSUMED, 10, 20, 6));

        Timer won = registry.get("qscope.storage.call")
                .tags("operation", "consume", "table", "oauth_authorization_codes", "outcome", "CONSUMED")
                .timer();
        assertThat(won.count()).isEqualTo(1);
        assertThat(won.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(5);
        Timer lost = registry.get("qscope.storage.call")
                .tag("outcome", "ALREADY_CONSUMED")
                .timer();
        assertThat(lost.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(30);
        Timer waiting = registry.get("qscope.storage.waiting")
                .tags("operation", "consume", "table", "oauth_authorization_codes")
                .timer();
        assertThat(waiting.count()).isEqualTo(2);
        assertThat(waiting.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(12);
        DistributionSummary groups = registry.get("qscope.storage.group.size").summary();
        assertThat(groups.totalAmount()).isEqualTo(10);
        assertThat(groups.max()).isEqualTo(6);
    }

    @Test
    void whatIsOfNoTableSaysSo() {
        new MicrometerListener(registry).called(call("commit", null, CallOutcome.OK, 0, 1, 1));

        assertThat(registry.get("qscope.storage.call")
                        .tag("table", "none")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void callsOfAStorageAreCounted() {
        OAuthClient client = OAuthClient.builder()
                .id("id")
                .clientIdentifier("client")
                .createdAt(NOW)
                .createdBy("test")
                .build();
        try (Storage storage = MemoryStorage.open(StorageOptions.none().listener(new MicrometerListener(registry)))) {
            storage.clients().insert(client, RayId.random()).join();
            storage.clients()
                    .insert(client, RayId.random())
                    .exceptionally(refused -> null)
                    .join();
            storage.unitOfWork(Attempt.of(NOW, "test"))
                    .revokeByClient(client.id())
                    .commit(RayId.random())
                    .join();
        }

        Eventually.holds(() -> {
            assertThat(count("insert", "oauth_clients", "OK")).isEqualTo(1);
            assertThat(count("insert", "oauth_clients", "DUPLICATE_ROW")).isEqualTo(1);
            assertThat(count("commit", "none", "OK")).isEqualTo(1);
        });
    }

    private long count(String operation, String table, String outcome) {
        Timer timer = registry.find("qscope.storage.call")
                .tags("operation", operation, "table", table, "outcome", outcome)
                .timer();
        return timer == null ? 0 : timer.count();
    }

    private static StorageCall call(
            String operation,
            @Nullable TableName table,
            CallOutcome outcome,
            int waitingMillis,
            int runningMillis,
            int groupSize) {
        return new StorageCall(
                operation,
                table,
                RayId.random(),
                outcome,
                Duration.ofMillis(waitingMillis),
                Duration.ofMillis(runningMillis),
                groupSize,
                System.nanoTime());
    }
}
