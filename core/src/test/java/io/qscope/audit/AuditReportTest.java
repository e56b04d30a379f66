package io.qscope.audit;

import static io.qscope.audit.RealLog.KEY;
import static io.qscope.audit.RealLog.KEYS;
import static io.qscope.audit.RealLog.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a report counts, and that it holds no more than it has room for. */
class AuditReportTest {

    private static final RealLog LOG = RealLog.ofChains(3);

    /** Whoever takes the chains away takes the evidence away, and must not get a clean bill for it. */
    @Test
    void logThatLostAllItsChainsIsNotIntact() {
        RealLog stripped = LOG.with(entry -> Optional.of(entry.toBuilder()
                .chain(null)
                .sequence(null)
                .previousHash(null)
                .hash(null)
                .build()));
        AuditReport report = stripped.verified();
        assertThat(report.findings()).extracting(AuditFinding::kind).containsExactly(AuditFinding.Kind.NO_CHAIN);
        assertThat(report.beforeFirstChain()).isEqualTo(stripped.entries().size());
    }

    /** A retired key that goes on hashing shows by its newest entry. */
    @Test
    void reportSaysWhatEachKeyHashed() {
        AuditLog last = LOG.at(2, 8);
        Key retired = Key.generate("zero");
        AuditLog late = RealLog.entry(T0.plusSeconds(1_000));
        AuditLog forged = AuditSeal.sealed(
                AuditRole.ENTRY,
                late,
                LOG.chains().get(2),
                9,
                AuditHead.linkOf(List.of(String.valueOf(last.hash()))),
                retired);
        KeyRing ring = KeyRing.of(KEY, retired, Key.generate("unused"));
        AuditReport report = RealLog.verified(ListedLog.of(LOG.and(forged).entries()), ring);
        assertThat(report.keys())
                .containsExactly(
                        new AuditKeyUse(KEY.id(), 3L * RealLog.IN_A_CHAIN, T0.plusSeconds(25)),
                        new AuditKeyUse("zero", 1, late.createdAt()));
        AuditLog changed = last.toBuilder().createdAt(T0.plusSeconds(9_999)).build();
        assertThat(LOG.replaced(last, changed).verified().keys())
                .as("what a key did not hash")
                .containsExactly(new AuditKeyUse(KEY.id(), 3L * RealLog.IN_A_CHAIN - 1, T0.plusSeconds(25)));
    }

    /** As many chains as somebody cares to make up. */
    @Test
    void chainsAreCountedWhereTheyAreTooMany() {
        List<AuditLog> many = new ArrayList<>();
        int count = AuditReport.MOST_HEADS + 7;
        for (int i = 0; i < count; i++) {
            many.add(AuditSeal.sealed(AuditRole.OPENING, RealLog.entry(T0), "chain" + i, 1, AuditHead.NO_LINK, KEY));
        }
        AuditReport report = RealLog.verified(ListedLog.of(many), KEYS);
        assertThat(report.findings()).isEmpty();
        assertThat(report.chains() - report.closed()).isEqualTo(count);
        assertThat(report.unclosed()).hasSize(AuditReport.MOST_UNCLOSED);
        assertThat(report.heads()).hasSize(AuditReport.MOST_HEADS);
        assertThat(report.furtherHeads()).isEqualTo(7);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuditCheckpoint.of(report, T0, KEYS))
                .withMessageContaining("10000 chains");
    }

    @Test
    void recordedHeadsAreCountedWhereThereIsNoRoomForThem() {
        PinnedHeads heads = new PinnedHeads(2);
        for (int i = 0; i < 5; i++) {
            heads.byOpening(new AuditHead("chain", i % 4, AuditHead.NO_LINK), "later");
        }
        assertThat(heads.unchecked()).isEqualTo(2);
        assertThat(heads.missing()).extracting(AuditFinding::sequence).containsExactly(0L, 1L);
        assertThat(heads.met(new AuditHead("chain", 1, AuditHead.NO_LINK))).isTrue();
        assertThat(heads.missing()).hasSize(1);
    }
}
