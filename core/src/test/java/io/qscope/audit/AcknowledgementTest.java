package io.qscope.audit;

import static io.qscope.audit.RealLog.KEY;
import static io.qscope.audit.RealLog.KEYS;
import static io.qscope.audit.RealLog.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.qscope.audit.AuditFinding.Kind;
import io.qscope.model.AuditLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Findings that a checkpoint acknowledges: they keep nobody from taking checkpoints, and hide nothing that is new. */
class AcknowledgementTest {

    private static final RealLog LOG = RealLog.ofChains(3);
    private static final AuditCheckpoint BEFORE = AuditCheckpoint.of(LOG.verified(), T0, KEYS);

    /** What somebody did to the log. */
    record Damage(String what, RealLog log) {}

    static Stream<Damage> damages() {
        AuditLog entry = LOG.at(1, 4);
        return Stream.of(
                new Damage("changed", LOG.replaced(entry, changed(entry, "a"))),
                new Damage("deleted", LOG.without(entry)),
                new Damage("start deleted", LOG.without(LOG.at(0, 1), LOG.at(0, 2))),
                new Damage("end deleted", LOG.without(LOG.at(0, 8))),
                new Damage("end of the newest deleted", LOG.without(LOG.at(2, 7), LOG.at(2, 8))),
                new Damage("chain deleted", lacking(LOG, 1)),
                new Damage("past the chain", LOG.and(RealLog.entry(T0.plusSeconds(60)))),
                new Damage(
                        "forged names",
                        LOG.and(changed(entry, "a").toBuilder()
                                .id("- \"")
                                .chain(" x mac ")
                                .build())));
    }

    private static AuditLog changed(AuditLog entry, String by) {
        return entry.toBuilder().createdBy(by).build();
    }

    private static RealLog lacking(RealLog log, int chain) {
        String gone = LOG.chains().get(chain);
        return log.with(entry -> Optional.of(entry).filter(each -> !gone.equals(each.chain())));
    }

    /** As it is kept: signed, written and read. */
    private static AuditCheckpoint acknowledging(AuditReport report) {
        AuditCheckpoint made = AuditCheckpoint.acknowledging(report, T0.plusSeconds(99), KEYS);
        AuditCheckpoint read = AuditCheckpoint.parse(made.toText(), KEYS);
        assertThat(read.toText()).isEqualTo(made.toText());
        assertThat(read.acknowledgements()).isEqualTo(made.acknowledgements());
        return read;
    }

    private static List<Kind> kinds(AuditReport report) {
        return report.findings().stream().map(AuditFinding::kind).toList();
    }

    @ParameterizedTest
    @MethodSource("damages")
    void acknowledgedFindingsAreToldApart(Damage damage) {
        AuditReport report = damage.log().verified(BEFORE);
        assertThat(report.isIntact()).as(damage.what()).isFalse();
        AuditCheckpoint kept = acknowledging(report);
        AuditReport again = damage.log().verified(BEFORE, kept);
        assertThat(again.findings()).isEmpty();
        assertThat(again.isIntact()).isTrue();
        assertThat(again.acknowledged()).containsExactlyElementsOf(report.findings());
        AuditCheckpoint next = AuditCheckpoint.of(again, T0.plusSeconds(100), KEYS);
        assertThat(next.acknowledgements()).isEqualTo(kept.acknowledgements());
        assertThat(damage.log().verified(BEFORE, next).isIntact())
                .as("the next one acknowledges them too")
                .isTrue();
    }

    /** Each is done to a log whose damage was acknowledged. */
    @ParameterizedTest
    @MethodSource("damages")
    void whatIsDoneLaterIsFound(Damage damage) {
        AuditCheckpoint kept = acknowledging(damage.log().verified(BEFORE));
        for (long sequence = 2; sequence <= RealLog.IN_A_CHAIN; sequence++) {
            for (int chain = 0; chain < 3; chain++) {
                AuditLog there = there(damage.log(), chain, sequence);
                if (there != null) {
                    assertThat(damage.log()
                                    .without(there)
                                    .verified(BEFORE, kept)
                                    .isIntact())
                            .as("%s, then %s of chain %s deleted", damage.what(), sequence, chain)
                            .isFalse();
                    AuditLog changed = changed(there, "b");
                    assertThat(damage.log()
                                    .replaced(there, changed)
                                    .verified(BEFORE, kept)
                                    .isIntact())
                            .as("%s, then %s of chain %s changed", damage.what(), sequence, chain)
                            .isFalse();
                }
            }
        }
    }

    private static @Nullable AuditLog there(RealLog log, int chain, long sequence) {
        return log.entries().stream()
                .filter(entry -> LOG.chains().get(chain).equals(entry.chain()))
                .filter(entry -> Long.valueOf(sequence).equals(entry.sequence()))
                .findFirst()
                .orElse(null);
    }

    @Test
    void acknowledgedEntryThatIsChangedAgainIsNew() {
        AuditLog entry = LOG.at(1, 4);
        AuditCheckpoint kept =
                acknowledging(LOG.replaced(entry, changed(entry, "a")).verified());
        AuditReport again = LOG.replaced(entry, changed(entry, "b")).verified(kept);
        assertThat(kinds(again)).containsExactly(Kind.CHANGED);
        assertThat(again.acknowledged()).isEmpty();
    }

    /** Behind it anything may be. */
    @Test
    void whatCannotBeReadIsNotAcknowledged() {
        ListedLog damaged = new ListedLog(LOG.entries(), 4, Set.of(LOG.at(1, 4).id()));
        AuditReport report = RealLog.verified(damaged, KEYS);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuditCheckpoint.acknowledging(report, T0, KEYS))
                .withMessageContaining("cannot be acknowledged");
    }

    /** Else whoever takes all chains away later would be covered. */
    @Test
    void aLogWithoutChainsIsNotAcknowledged() {
        AuditReport report = RealLog.verified(ListedLog.of(List.of(RealLog.entry(T0))), KEYS);
        assertThat(kinds(report)).containsExactly(Kind.NO_CHAIN);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuditCheckpoint.acknowledging(report, T0, KEYS))
                .withMessageContaining("cannot be acknowledged");
    }

    /** From a backup, say. The newest checkpoint knows that it was whole. */
    @Test
    void damageThatWasMendedAndDoneAgainIsNew() {
        RealLog damaged = LOG.without(LOG.at(1, 3)); // a group of its own
        AuditCheckpoint explained = acknowledging(damaged.verified(BEFORE));
        AuditCheckpoint whole = AuditCheckpoint.of(LOG.verified(BEFORE, explained), T0.plusSeconds(100), KEYS);
        assertThat(whole.acknowledgements()).isZero();
        assertThat(damaged.verified(BEFORE, explained).isIntact()).isTrue();
        assertThat(kinds(damaged.verified(BEFORE, explained, whole))).contains(Kind.BROKEN_LINK);
        assertThat(kinds(damaged.verified(whole, explained, BEFORE)))
                .as("in whichever order they are given")
                .contains(Kind.BROKEN_LINK);
    }

    @Test
    void moreThanAnybodyLooksIntoAreNotAcknowledged() {
        List<AuditLog> many = new ArrayList<>(LOG.entries());
        for (int i = 0; i < AuditCheckpoint.MOST_ACKNOWLEDGED; i++) {
            many.add(RealLog.entry(T0.plusSeconds(60)));
        }
        assertThat(acknowledging(RealLog.verified(ListedLog.of(many), KEYS)).acknowledgements())
                .isEqualTo(AuditCheckpoint.MOST_ACKNOWLEDGED);
        many.add(RealLog.entry(T0.plusSeconds(60)));
        AuditReport tooMany = RealLog.verified(ListedLog.of(many), KEYS);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuditCheckpoint.acknowledging(tooMany, T0, KEYS))
                .withMessageContaining("1000 findings");
    }

    @Test
    void listOfAcknowledgedFindingsCannotBeChanged() {
        String text = AuditCheckpoint.acknowledging(LOG.without(LOG.at(1, 4)).verified(), T0, KEYS)
                .toText();
        assertThat(text).contains("acknowledged BROKEN_LINK " + LOG.chains().get(1) + " 7 ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuditCheckpoint.parse(text.replace("BROKEN_LINK", "CHANGED"), KEYS))
                .withMessageContaining("was changed");
    }

    /** Without findings it is written as it always was. */
    @Test
    void checkpointOfAnIntactLogAcknowledgesNothing() {
        assertThat(BEFORE.acknowledgements()).isZero();
        assertThat(BEFORE.toText().lines().map(line -> line.split(" ", -1)[0]))
                .containsExactly("qscope", "taken", "entries", "head", "mac");
        assertThat(BEFORE.toText()).contains("mac " + KEY.id() + " ");
    }
}
