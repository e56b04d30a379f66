package io.qscope.tck;

import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditEvent;
import io.qscope.audit.AuditFinding;
import io.qscope.audit.AuditHead;
import io.qscope.audit.AuditVerification;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import io.qscope.model.AuthorizationCode;
import io.qscope.store.Attempt;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Guarantee;
import io.qscope.store.Page;
import io.qscope.store.Storage;
import io.qscope.store.StorageOptions;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.UnitOfWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A storage that is opened with keys chains its audit entries. Each test has data of its own, since what is verified is the
 * whole of a log.
 */
abstract class AuditChainContract extends ContractGroup {

    /** How many rounds of races are enough here: each verifies the whole log. */
    static final int MOST_ROUNDS = 20;

    private final AtomicReference<KeyRing> ring = new AtomicReference<>(KeyRing.of(Key.generate("kit:1")));

    private final AtomicBoolean ringIsOutOfReach = new AtomicBoolean();
    private Storage storage;
    private ChainedLog log;
    private Rows rows;

    AuditChainContract(StorageContract kit) {
        super(kit);
        this.storage = kit.storage();
        this.log = new ChainedLog(storage, ring.get());
        this.rows = rows();
    }

    @BeforeEach
    void openWithKeys() {
        claims(Guarantee.AUDIT_LOG_CHAINED);
        storage = closedAfterTest(kit().open(emptyLocation(), StorageOptions.with(this::suppliedRing)));
        log = new ChainedLog(storage, ring.get());
        rows = rows(storage);
    }

    private KeyRing suppliedRing() {
        if (ringIsOutOfReach.get()) {
            throw new IllegalStateException("the vault is sealed");
        }
        return ring.get();
    }

    @Test
    void withoutKeysNothingIsChained() {
        Storage withoutKeys = empty();
        AuditLog entry = rows(withoutKeys).storedAuditLog();

        assertThat(row(withoutKeys.auditLog(), entry.id())).isEqualTo(entry);
        ChainedLog unchained = new ChainedLog(withoutKeys, ring.get());
        assertThat(unchained.all()).isEmpty();
        assertThat(unchained.findings()).containsExactly(AuditFinding.Kind.NO_CHAIN);
        assertThat(unchained.verified().beforeFirstChain()).isEqualTo(1);
    }

    @Test
    void aStorageThatWritesNoEntryOpensNoChain() {
        rows.storedClient();

        assertThat(log.all()).isEmpty();
        assertThat(log.verified().chains()).isZero();
    }

    @Test
    void theFirstEntryComesAfterAnOpening() {
        AuditLog entry = rows.storedAuditLog();

        List<AuditLog> chain = log.all();
        assertThat(chain).hasSize(2);
        AuditLog opening = chain.get(0);
        assertThat(opening.eventType()).isEqualTo(AuditEvent.CHAIN_OPENED.type());
        assertThat(opening.sequence()).isEqualTo(1);
        assertThat(opening.createdAt()).isEqualTo(entry.createdAt());
        assertThat(opening.createdBy()).isEqualTo("qscope");
        assertThat(opening.metadata()).isEqualTo(Map.of("heads", List.of()));
        assertThat(chain.get(1).id()).isEqualTo(entry.id());
        assertThat(chain).extracting(AuditLog::previousHash).containsOnly(AuditHead.NO_LINK);
    }

    @Test
    void everyEntryIsChainedAndReadsTheSameEverywhere() {
        List<AuditLog> written = new ArrayList<>();
        written.add(rows.storedAuditLog());
        written.addAll(unitOfThree());

        List<AuditLog> chain = log.all();
        assertThat(chain.stream().skip(1).map(TableCase.AUDIT_LOG::withoutGivenByStore))
                .containsExactlyElementsOf(written);
        for (AuditLog entry : chain) {
            assertThat(entry).hasNoNullFieldsOrPropertiesExcept("subject", "clientId", "userId");
            assertThat(log.stored(entry)).isEqualTo(entry);
            assertThat(await(storage.auditLog().byRay(entry.rayId(), Page.first(9), ray()))
                            .rows())
                    .contains(entry);
        }
        assertThat(await(storage.auditLog().page(NOW, NOW.plusMillis(1), Page.first(9), ray()))
                        .rows())
                .containsExactlyInAnyOrderElementsOf(chain);
        assertThat(log.verified().findings()).isEmpty();
        assertThat(log.verified().entries()).isEqualTo(5);
    }

    @Test
    void whatTheCallerSaysOfAnEntrysPlaceIsIgnored() {
        AuditLog entry = rows.auditLog();
        rows.stored(entry.toBuilder()
                .chain("forged")
                .sequence(41L)
                .previousHash("forged")
                .hash("forged")
                .build());

        assertThat(TableCase.AUDIT_LOG.withoutGivenByStore(log.stored(entry))).isEqualTo(entry);
        assertThat(log.all()).extracting(AuditLog::sequence).containsExactly(1L, 2L);
        assertThat(log.findings()).isEmpty();
    }

    /** Of calls that were awaited, each is a commit of its own; a unit is one. */
    @Test
    void eachGroupNamesTheOneBefore() {
        AuditLog first = rows.storedAuditLog();
        AuditLog second = rows.storedAuditLog();
        List<AuditLog> third = unitOfThree();
        AuditLog fourth = rows.storedAuditLog();

        AuditLog opening = log.all().get(0);
        assertThat(log.previousOf(second)).isEqualTo(log.link(List.of(opening, first)));
        assertThat(third.stream().map(log::previousOf)).containsOnly(log.link(List.of(second)));
        assertThat(log.previousOf(fourth)).isEqualTo(log.link(third));
    }

    @Test
    void whatIsRefusedLeavesAGapAtMost() {
        claims(Guarantee.UNIT_OF_WORK);
        AuthorizationCode code = rows.storedCode();
        await(storage.authorizationCodes().consume(code.code(), attempt(NOW), ray()));
        AuditLog taken = rows.storedAuditLog();
        AuditLog lost = rows.auditLog();

        failure(DuplicateRowException.class, ray -> storage.auditLog().insert(taken, ray));
        assertThat(await(storage.unitOfWork(attempt(NOW))
                                .consume(code.code())
                                .insert(lost)
                                .commit(ray()))
                        .committed())
                .isFalse();
        failure(
                DuplicateRowException.class,
                ray -> storage.unitOfWork(attempt(NOW))
                        .insert(lost)
                        .insert(taken)
                        .commit(ray));
        AuditLog last = rows.storedAuditLog();

        assertThat(log.all().stream().skip(1).map(AuditLog::id)).containsExactly(taken.id(), last.id());
        assertThat(log.findings()).isEmpty();
    }

    @Test
    void aRepeatedUnitIsRecognisedAndAddsNothing() {
        claims(Guarantee.UNIT_OF_WORK);
        AuthorizationCode code = rows.storedCode();
        Attempt attempt = attempt(NOW);
        AuditLog entry = rows.auditLog();
        for (int tries = 0; tries < 3; tries++) {
            UnitOfWork unit = storage.unitOfWork(attempt).consume(code.code()).insert(entry);
            assertThat(await(unit.commit(ray())).committed()).isTrue();
        }

        assertThat(log.all()).hasSize(2);
        assertThat(log.findings()).isEmpty();
    }

    /** Half of the callers want one code, and all but one of them lose; the others write an entry each. */
    @Test
    void concurrentWritersMakeIntactChains() {
        claims(Guarantee.UNIT_OF_WORK);
        int rounds = Math.min(MOST_ROUNDS, kit().rounds());
        try (Callers callers = new Callers()) {
            for (int round = 0; round < rounds; round++) {
                AuthorizationCode code = rows.storedCode();
                List<AuditLog> entries = entries(Race.CALLERS);
                callers.begin(
                                everyCaller(),
                                caller -> caller % 2 == 0
                                        ? storage.auditLog().insert(entries.get(caller), ray())
                                        : storage.unitOfWork(attempt(NOW))
                                                .consume(code.code())
                                                .insert(entries.get(caller))
                                                .commit(ray()))
                        .forEach(ContractGroup::await);
                assertThat(log.findings()).isEmpty();
            }
        }

        assertThat(log.verified().chains()).isBetween(1, kit().lanes());
        assertThat(log.verified().entries()).isEqualTo(log.verified().chains() + rounds * (Race.CALLERS / 2 + 1L));
    }

    @Test
    void aLogIsIntactWhileOthersWriteToIt() {
        rows.storedAuditLog();
        try (Callers callers = new Callers()) {
            for (int round = 0; round < Math.min(MOST_ROUNDS, kit().rounds()); round++) {
                List<AuditLog> entries = entries(Race.CALLERS);
                List<CompletableFuture<String>> writes = callers.begin(
                        everyCaller(), caller -> storage.auditLog().insert(entries.get(caller), ray()));
                do {
                    assertThat(log.findings()).isEmpty();
                } while (!writes.stream().allMatch(CompletableFuture::isDone));
                writes.forEach(ContractGroup::await);
            }
        }
    }

    @Test
    void aKeyMayChangeInTheMiddleOfAChain() {
        KeyRing older = ring.get();
        rows.storedAuditLog();
        ring.set(older.writingWith(Key.generate("kit:2")));
        AuditLog later = rows.storedAuditLog();

        assertThat(log.stored(later).hash()).startsWith("v1:kit:2:");
        assertThat(new ChainedLog(storage, ring.get()).findings()).isEmpty();
        assertThat(new ChainedLog(storage, ring.get()).verified().chains()).isEqualTo(1);
        assertThat(new ChainedLog(storage, older).findings()).containsExactly(AuditFinding.Kind.UNKNOWN_KEY);
    }

    @Test
    void aKeyThatCannotBeHadFailsEntriesAndNothingElse() {
        claims(Guarantee.UNIT_OF_WORK);
        ringIsOutOfReach.set(true);
        AuditLog lost = rows.auditLog();
        AuthorizationCode code = rows.storedCode();

        for (int tries = 0; tries < 2; tries++) {
            StorageUnavailableException single = failure(
                    StorageUnavailableException.class, ray -> storage.auditLog().insert(lost, ray));
            assertThat(single.outcomeUnknown()).isFalse();
            failure(
                    StorageUnavailableException.class,
                    ray -> storage.unitOfWork(attempt(NOW))
                            .consume(code.code())
                            .insert(lost)
                            .commit(ray));
        }
        assertThat(row(storage.authorizationCodes(), code.id()).consumedAt()).isNull();
        assertThat(log.all()).isEmpty();
        ringIsOutOfReach.set(false);
        rows.storedAuditLog();

        assertThat(log.all()).hasSize(2);
        assertThat(log.findings()).isEmpty();
        ringIsOutOfReach.set(true);
        storage.close();
    }

    @Test
    void aLogOfAnotherKeyDoesNotVerify() {
        rows.storedAuditLog();
        KeyRing others = KeyRing.of(Key.generate("kit:1"));

        assertThat(await(AuditVerification.of(storage, () -> others).run(ray())).findings())
                .extracting(AuditFinding::kind)
                .containsExactly(AuditFinding.Kind.CHANGED, AuditFinding.Kind.CHANGED);
    }

    static List<Integer> everyCaller() {
        return IntStream.range(0, Race.CALLERS).boxed().toList();
    }

    private List<AuditLog> entries(int count) {
        return IntStream.range(0, count).mapToObj(i -> rows.auditLog()).toList();
    }

    private List<AuditLog> unitOfThree() {
        claims(Guarantee.UNIT_OF_WORK);
        List<AuditLog> entries = entries(3);
        UnitOfWork unit = storage.unitOfWork(attempt(NOW));
        entries.forEach(unit::insert);
        await(unit.commit(ray()));
        return entries;
    }
}
