package io.qscope.audit;

import static io.qscope.audit.RealLog.KEY;
import static io.qscope.audit.RealLog.KEYS;
import static io.qscope.audit.RealLog.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.qscope.audit.AuditFinding.Kind;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a checkpoint pins, and that its text cannot be changed. */
class AuditCheckpointTest {

    private static final RealLog LOG = RealLog.ofChains(3);
    private static final AuditCheckpoint CHECKPOINT = AuditCheckpoint.of(LOG.verified(), T0, KEYS);

    private static RealLog lacking(int... chains) {
        List<String> gone =
                java.util.Arrays.stream(chains).mapToObj(LOG.chains()::get).toList();
        return LOG.with(entry -> Optional.of(entry).filter(each -> !gone.contains(each.chain())));
    }

    @Test
    void logThatGrewIsIntactAgainstIt() {
        assertThat(LOG.verified(CHECKPOINT).isIntact()).isTrue();
        AuditLog closing = LOG.at(2, 8);
        RealLog stillOpen = LOG.without(closing);
        AuditCheckpoint earlier = AuditCheckpoint.of(stillOpen.verified(), T0, KEYS);
        assertThat(LOG.verified(earlier, CHECKPOINT).isIntact()).isTrue();
    }

    @Test
    void truncationOfTheNewestChainIsFound() {
        AuditReport report = LOG.without(LOG.at(2, 8)).verified(CHECKPOINT);
        assertThat(report.findings())
                .extracting(AuditFinding::kind)
                .containsExactly(Kind.HEAD_MISSING, Kind.ENTRIES_MISSING);
        assertThat(report.findings().get(0).chain()).isEqualTo(LOG.chains().get(2));
        assertThat(report.findings().get(0).words()).contains("checkpoint of " + T0);
    }

    @Test
    void deletionOfTheNewestChainIsFound() {
        AuditReport report = lacking(2).verified(CHECKPOINT);
        assertThat(report.findings())
                .extracting(AuditFinding::kind)
                .containsExactly(Kind.HEAD_MISSING, Kind.ENTRIES_MISSING);
        assertThat(report.findings().get(1).words()).contains("24 entries", "there are 16");
    }

    @Test
    void deletionOfEveryChainIsFound() {
        assertThat(lacking(0, 1, 2).verified(CHECKPOINT).isIntact()).isFalse();
        assertThat(lacking(1, 2).verified(CHECKPOINT).isIntact()).isFalse();
    }

    /** It names the newest chain, whose opening records the end of the one before, and so on to the first. */
    @Test
    void whatItDoesNotNameIsPinnedThroughWhatItNames() {
        assertThat(CHECKPOINT.heads()).hasSize(1);
        assertThat(lacking(0).verified(CHECKPOINT).isIntact()).isFalse();
        assertThat(LOG.without(LOG.at(0, 8)).verified(CHECKPOINT).isIntact()).isFalse();
    }

    /** What only an older checkpoint pins must be pinned by the next one too. */
    @Test
    void checkpointMadeAgainstAnotherNamesWhatThatOneNamed() {
        AuditCheckpoint next = AuditCheckpoint.of(LOG.verified(CHECKPOINT), T0, KEYS);
        assertThat(next.heads()).isEqualTo(CHECKPOINT.heads()).isNotEmpty();
    }

    @Test
    void textComesBackAsTheSameCheckpoint() {
        AuditCheckpoint read = AuditCheckpoint.parse(CHECKPOINT.toText(), KEYS);
        assertThat(read.heads()).isEqualTo(CHECKPOINT.heads());
        assertThat(read.takenAt()).isEqualTo(T0);
        assertThat(read.entries()).isEqualTo(3L * RealLog.IN_A_CHAIN);
        assertThat(read.toText()).isEqualTo(CHECKPOINT.toText());
        assertThat(read).hasToString("audit checkpoint of " + T0 + ", 24 entries, 1 heads");
        String windows = "\r\n " + CHECKPOINT.toText().replace("\n", " \r\n") + "\r\n";
        assertThat(AuditCheckpoint.parse(windows, KEYS).toText()).isEqualTo(CHECKPOINT.toText());
    }

    @Test
    void checkpointOfNothingPinsNothing() {
        AuditReport nothing = RealLog.verified(ListedLog.of(List.of()), KEYS);
        AuditCheckpoint empty =
                AuditCheckpoint.parse(AuditCheckpoint.of(nothing, T0, KEYS).toText(), KEYS);
        assertThat(empty.heads()).isEmpty();
        assertThat(LOG.verified(empty).isIntact()).isTrue();
    }

    @Test
    void olderKeyOfTheRingVerifiesIt() {
        KeyRing rotated = KEYS.writingWith(Key.generate("two"));
        assertThat(AuditCheckpoint.parse(CHECKPOINT.toText(), rotated).heads()).hasSize(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuditCheckpoint.parse(CHECKPOINT.toText(), rotated.without(KEY.id())))
                .withMessageContaining("key one");
    }

    @Test
    void everyChangeOfTheTextIsRefused() {
        String text = CHECKPOINT.toText();
        for (int i = 0; i < text.length() - 1; i++) {
            char other = text.charAt(i) == 'a' ? 'b' : 'a';
            String changed = text.substring(0, i) + other + text.substring(i + 1);
            assertThatIllegalArgumentException().as(changed).isThrownBy(() -> AuditCheckpoint.parse(changed, KEYS));
        }
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String gone = lines.get(i);
            String shorter = String.join(
                    "\n", lines.stream().filter(line -> !line.equals(gone)).toList());
            assertThatIllegalArgumentException().isThrownBy(() -> AuditCheckpoint.parse(shorter, KEYS));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> AuditCheckpoint.parse("", KEYS));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuditCheckpoint.parse(text, KeyRing.of(Key.generate(KEY.id()))))
                .withMessageContaining("was changed");
    }

    @Test
    void logThatIsNotIntactHasNone() {
        AuditReport broken = LOG.without(LOG.at(0, 8)).verified();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuditCheckpoint.of(broken, T0, KEYS))
                .withMessageContaining("intact");
    }
}
