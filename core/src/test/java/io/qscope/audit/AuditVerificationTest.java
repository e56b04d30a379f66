package io.qscope.audit;

import static io.qscope.audit.RealLog.KEY;
import static io.qscope.audit.RealLog.KEYS;
import static io.qscope.audit.RealLog.RAY;
import static io.qscope.audit.RealLog.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qscope.audit.AuditFinding.Kind;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.memory.MemoryStorage;
import io.qscope.model.AuditLog;
import io.qscope.model.Samples;
import io.qscope.store.Page;
import io.qscope.store.StorageOptions;
import io.qscope.store.StorageUnavailableException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found in a log that somebody had his hands on, and that nothing is found in one that nobody had. */
class AuditVerificationTest {

    private static final RealLog LOG = RealLog.ofChains(3);

    private static List<Kind> kinds(AuditReport report) {
        return report.findings().stream().map(AuditFinding::kind).toList();
    }

    @Test
    void logThatNobodyTouchedIsIntact() {
        AuditReport report = LOG.verified();
        assertThat(report.findings()).isEmpty();
        assertThat(report.isIntact()).isTrue();
        assertThat(report.entries()).isEqualTo(3L * RealLog.IN_A_CHAIN);
        assertThat(report.beforeFirstChain()).isEqualTo(2);
        assertThat(report.chains()).isEqualTo(3);
        assertThat(report.closed()).isEqualTo(3);
        assertThat(report.unclosed()).isEmpty();
        // The others' ends are recorded by the openings after them.
        assertThat(report.heads())
                .extracting(AuditHead::chain)
                .containsExactly(LOG.chains().get(2));
    }

    @Test
    void emptyLogIsIntact() {
        assertThat(RealLog.verified(ListedLog.of(List.of()), KEYS))
                .isEqualTo(new AuditReport(0, 0, 0, 0, List.of(), List.of(), 0, 0, List.of(), List.of(), List.of(), 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 11})
    void itDoesNotMatterWherePagesEnd(int pageSize) {
        AuditReport report = RealLog.verified(new ListedLog(LOG.entries(), pageSize, Set.of()), KEYS);
        assertThat(report).isEqualTo(LOG.verified());
    }

    @Test
    void aLongLogIsNoDeepStackAndTellsHowFarItIs() {
        List<AuditLog> many = new ArrayList<>(LOG.entries());
        for (int i = 0; i < 20_000; i++) {
            many.add(RealLog.entry(T0.minusSeconds(3)));
        }
        List<Long> told = new ArrayList<>();
        AuditReport report = AuditVerification.of(new ListedLog(many, 4, Set.of()), () -> KEYS)
                .telling(told::add)
                .run(RAY)
                .join();
        assertThat(report.isIntact()).isTrue();
        assertThat(report.beforeFirstChain()).isEqualTo(20_002);
        assertThat(told).isSorted().last().isEqualTo(20_002 + 2 * report.entries());
    }

    static Stream<RecordComponent> fields() {
        return Stream.of(AuditLog.class.getRecordComponents());
    }

    @ParameterizedTest
    @MethodSource("fields")
    void changeOfAnyFieldIsFound(RecordComponent field) {
        AuditLog entry = LOG.at(1, 4);
        AuditLog changed = Samples.with(entry, field.getName(), Samples.otherThan(Samples.valueOf(entry, field)));
        assertThat(changed).isNotEqualTo(entry);
        AuditReport report = LOG.replaced(entry, changed).verified();
        assertThat(report.isIntact()).isFalse();
        assertThat(report.findings()).as("of a changed " + field.getName()).anySatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.CHANGED);
            assertThat(finding.entryId()).isEqualTo(changed.id());
            assertThat(finding.sequence()).isEqualTo(changed.sequence());
        });
    }

    static Stream<RecordComponent> fieldsThatMayBeAbsent() {
        return fields().filter(field -> field.getAnnotatedType().isAnnotationPresent(Nullable.class));
    }

    @ParameterizedTest
    @MethodSource("fieldsThatMayBeAbsent")
    void absenceOfAnyFieldIsFound(RecordComponent field) {
        AuditLog entry = LOG.at(1, 4);
        AuditReport report =
                LOG.replaced(entry, Samples.with(entry, field.getName(), null)).verified();
        assertThat(kinds(report)).contains(Kind.CHANGED);
    }

    /** One within a chain, the end of a group, and one of which only the next opening knows. */
    @ParameterizedTest
    @ValueSource(longs = {2, 3, 4, 5, 6, 7})
    void deletionOfAnEntryIsFound(long sequence) {
        AuditReport report = LOG.without(LOG.at(0, sequence)).verified();
        assertThat(kinds(report)).isNotEmpty().containsAnyOf(Kind.BROKEN_LINK, Kind.HEAD_MISSING);
    }

    @Test
    void deletionOfAGroupIsFoundWhereTheNextBegins() {
        AuditReport report =
                LOG.without(LOG.at(1, 4), LOG.at(1, 5), LOG.at(1, 6)).verified();
        assertThat(kinds(report)).containsExactly(Kind.BROKEN_LINK);
        assertThat(report.findings().get(0).entryId()).isEqualTo(LOG.at(1, 7).id());
    }

    @Test
    void deletionOfTheStartIsFound() {
        AuditReport opening = LOG.without(LOG.at(0, 1)).verified();
        assertThat(kinds(opening)).contains(Kind.NO_OPENING, Kind.BROKEN_LINK);
        AuditReport group = LOG.without(LOG.at(0, 1), LOG.at(0, 2)).verified();
        assertThat(kinds(group)).containsExactly(Kind.NO_OPENING);
        assertThat(group.findings().get(0).chain()).isEqualTo(LOG.chains().get(0));
    }

    @Test
    void entriesThatChangedPlacesAreFound() {
        AuditLog one = LOG.at(1, 4);
        AuditLog other = LOG.at(1, 7);
        RealLog swapped = LOG.with(entry -> Optional.of(
                entry.equals(one) ? inPlaceOf(other, one) : entry.equals(other) ? inPlaceOf(one, other) : entry));
        assertThat(kinds(swapped.verified())).contains(Kind.CHANGED);
    }

    private static AuditLog inPlaceOf(AuditLog place, AuditLog entry) {
        return entry.toBuilder()
                .sequence(place.sequence())
                .previousHash(place.previousHash())
                .build();
    }

    @Test
    void entryMovedToAnotherChainIsFound() {
        AuditLog entry = LOG.at(1, 4);
        AuditReport report = LOG.replaced(
                        entry,
                        entry.toBuilder()
                                .chain(LOG.chains().get(2))
                                .sequence(99L)
                                .build())
                .verified();
        assertThat(kinds(report)).contains(Kind.CHANGED, Kind.BROKEN_LINK);
    }

    @Test
    void entryForgedWithoutTheKeyIsFound() {
        Key stranger = Key.generate(KEY.id());
        AuditLog last = LOG.at(2, 8);
        AuditLog forged = AuditSeal.sealed(
                AuditRole.ENTRY,
                RealLog.entry(T0),
                LOG.chains().get(2),
                9,
                AuditHead.linkOf(List.of(String.valueOf(last.hash()))),
                stranger);
        assertThat(kinds(LOG.and(forged).verified())).contains(Kind.CHANGED);
    }

    @Test
    void entryInsertedBetweenTwoIsFoundAlsoWithTheKey() {
        AuditLog forged = AuditSeal.sealed(
                AuditRole.ENTRY,
                RealLog.entry(T0),
                LOG.chains().get(0),
                7,
                String.valueOf(LOG.at(0, 7).previousHash()),
                KEY);
        RealLog inserted = new RealLog(
                Stream.concat(LOG.without(LOG.at(0, 7)).entries().stream(), Stream.of(forged))
                        .toList(),
                LOG.chains());
        assertThat(kinds(inserted.verified())).contains(Kind.BROKEN_LINK);
    }

    /** Replayed by whoever has the key: what follows the end of a chain is no end. */
    @Test
    void whatFollowsAClosingIsFound() {
        AuditLog closing = LOG.at(2, 8);
        AuditLog after = AuditSeal.sealed(
                AuditRole.ENTRY,
                RealLog.entry(T0),
                LOG.chains().get(2),
                9,
                AuditHead.linkOf(List.of(String.valueOf(closing.hash()))),
                KEY);
        assertThat(kinds(LOG.and(after).verified())).containsExactly(Kind.AFTER_CLOSING);
    }

    @Test
    void truncationIsFoundWhenALaterOpeningRecordedTheEnd() {
        AuditReport report = LOG.without(LOG.at(0, 7), LOG.at(0, 8)).verified();
        assertThat(kinds(report)).containsExactly(Kind.HEAD_MISSING);
        assertThat(report.findings().get(0).words()).contains(LOG.chains().get(1));
        assertThat(report.unclosed()).containsExactly(LOG.chains().get(0));
    }

    @Test
    void deletionOfAWholeChainIsFoundWhenALaterOpeningRecordedIt() {
        String gone = LOG.chains().get(1);
        AuditReport report = LOG.with(entry -> Optional.of(entry).filter(each -> !gone.equals(each.chain())))
                .verified();
        assertThat(kinds(report)).containsExactly(Kind.HEAD_MISSING);
        assertThat(report.findings().get(0).chain()).isEqualTo(gone);
    }

    /** What nothing records cannot be missed: that is what checkpoints are for. */
    @Test
    void truncationOfTheNewestChainIsNotFoundWithoutACheckpoint() {
        AuditReport report = LOG.without(LOG.at(2, 8)).verified();
        assertThat(report.isIntact()).isTrue();
        assertThat(report.unclosed()).containsExactly(LOG.chains().get(2));
    }

    @Test
    void entryWithoutAChainIsFoundOnceThereAreChains() {
        AuditLog forged = RealLog.entry(T0.plusSeconds(3));
        AuditReport report = LOG.and(forged).verified();
        assertThat(kinds(report)).containsExactly(Kind.UNCHAINED);
        assertThat(report.findings().get(0).entryId()).isEqualTo(forged.id());
        AuditReport older = LOG.and(RealLog.entry(T0.minusSeconds(3))).verified();
        assertThat(older.isIntact()).isTrue();
        assertThat(older.beforeFirstChain()).isEqualTo(3);
    }

    @Test
    void entryWhosePlaceWasTakenAwayIsFound() {
        AuditLog entry = LOG.at(1, 4);
        AuditLog bare = entry.toBuilder()
                .chain(null)
                .sequence(null)
                .previousHash(null)
                .hash(null)
                .build();
        assertThat(kinds(LOG.replaced(entry, bare).verified())).containsExactly(Kind.UNCHAINED, Kind.BROKEN_LINK);
    }

    @Test
    void unknownKeyIsFoundAndNotTakenForAChange() {
        AuditReport report = RealLog.verified(ListedLog.of(LOG.entries()), KeyRing.of(Key.generate("another")));
        assertThat(kinds(report)).hasSize(3 * RealLog.IN_A_CHAIN).containsOnly(Kind.UNKNOWN_KEY);
        assertThat(report.findings().get(0).words()).contains("key one");
    }

    @Test
    void findingsAreCountedWhereTheyAreTooMany() {
        List<AuditLog> many = new ArrayList<>(LOG.entries());
        for (int i = 0; i < AuditReport.MOST_FINDINGS + 7; i++) {
            many.add(RealLog.entry(T0.plusSeconds(60)));
        }
        AuditReport report = RealLog.verified(ListedLog.of(many), KEYS);
        assertThat(report.findings()).hasSize(AuditReport.MOST_FINDINGS);
        assertThat(report.furtherFindings()).isEqualTo(7);
    }

    /** An application may write whatever event type it likes. */
    @Test
    void entryThatOnlyLooksLikeAnOpeningOrAClosingIsNone() {
        try (MemoryStorage storage = MemoryStorage.open(StorageOptions.with(KEYS))) {
            for (AuditEvent event : List.of(AuditEvent.CHAIN_OPENED, AuditEvent.CHAIN_CLOSED)) {
                AuditHead invented = new AuditHead("invented", 7, "f".repeat(64));
                AuditLog entry = RealLog.entry(T0).toBuilder()
                        .eventType(event.type())
                        .metadata(AuditHeads.metadata(List.of(invented)))
                        .build();
                storage.auditLog().insert(entry, RAY).join();
            }
            RealLog.write(storage, T0);
            AuditReport report =
                    AuditVerification.of(storage, () -> KEYS).run(RAY).join();
            assertThat(report.findings()).isEmpty();
            assertThat(report.closed()).isZero();
            assertThat(report.unclosed()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, Page.MOST})
    void entryThatCannotBeReadEndsTheVerificationThereAndIsAFinding(int pageSize) {
        AuditLog damaged = LOG.at(1, 4);
        AuditReport report = RealLog.verified(new ListedLog(LOG.entries(), pageSize, Set.of(damaged.id())), KEYS);
        assertThat(kinds(report)).containsExactly(Kind.UNREADABLE, Kind.UNREADABLE);
        AuditFinding inChain = report.findings().get(1);
        assertThat(inChain.chain()).isEqualTo(LOG.chains().get(1));
        assertThat(inChain.sequence()).isEqualTo(3);
        assertThat(report.entries()).isEqualTo(RealLog.IN_A_CHAIN + 3);
    }

    @Test
    void failureOfTheStorageAndOfTheKeysIsTheVerificationsOwn() {
        MemoryStorage closed = MemoryStorage.open();
        closed.close();
        assertThatThrownBy(
                        () -> AuditVerification.of(closed, () -> KEYS).run(RAY).join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(StorageUnavailableException.class);
        assertThatThrownBy(() -> AuditVerification.of(ListedLog.of(List.of()), () -> {
                            throw new IllegalStateException("hunter2");
                        })
                        .run(RAY)
                        .join())
                .cause()
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("java.lang.IllegalStateException")
                .message()
                .doesNotContain("hunter2");
        assertThatThrownBy(() -> AuditVerification.of(ListedLog.of(LOG.entries()), () -> KEYS)
                        .telling(read -> {
                            throw new IllegalStateException("no progress bar");
                        })
                        .run(RAY)
                        .join())
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void findingsSayWhatAndWhereAndNotWhatAnEntryHolds() {
        AuditLog entry = LOG.at(1, 4);
        AuditReport report = LOG.replaced(
                        entry, entry.toBuilder().userId("somebody").build())
                .verified();
        assertThat(report.findings().get(0))
                .hasToString("CHANGED, chain " + entry.chain() + ", sequence 4, entry " + entry.id()
                        + ": its hash is not that of what it says: it was changed or forged");
    }
}
