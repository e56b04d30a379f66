package io.qscope.tck;

import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditCheckpoint;
import io.qscope.audit.AuditEvent;
import io.qscope.audit.AuditFinding;
import io.qscope.audit.AuditHead;
import io.qscope.audit.AuditReport;
import io.qscope.audit.AuditVerification;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import io.qscope.store.Guarantee;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import io.qscope.store.Storage;
import io.qscope.store.StorageOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several storages on one log: a chain each, which begins by recording where the others stand, and ends when it is closed. */
abstract class AuditChainsContract extends ContractGroup {

    private final KeyRing keys = KeyRing.of(Key.generate("kit:1"));
    private String location = "";
    private Storage observer;
    private ChainedLog log;

    AuditChainsContract(StorageContract kit) {
        super(kit);
        this.observer = kit.storage();
        this.log = new ChainedLog(observer, keys);
    }

    /** A storage without keys, which sees what others leave behind. */
    @BeforeEach
    void openObserver() {
        claims(Guarantee.AUDIT_LOG_CHAINED);
        claims(Guarantee.SHARED_BY_STORAGES);
        location = emptyLocation();
        observer = closedAfterTest(kit().open(location));
        log = new ChainedLog(observer, keys);
    }

    private Storage keyed() {
        return closedAfterTest(kit().open(location, StorageOptions.with(keys)));
    }

    @Test
    void eachStorageHasChainsOfItsOwn() {
        List<Storage> storages = List.of(keyed(), keyed(), keyed());
        int rounds = Math.min(AuditChainContract.MOST_ROUNDS, kit().rounds());
        try (Callers callers = new Callers()) {
            for (int round = 0; round < rounds; round++) {
                List<AuditLog> entries = IntStream.range(0, Race.CALLERS)
                        .mapToObj(caller -> rows(observer).auditLog())
                        .toList();
                callers.begin(
                                AuditChainContract.everyCaller(),
                                caller -> storages.get(caller % 3).auditLog().insert(entries.get(caller), ray()))
                        .forEach(ContractGroup::await);
            }
        }

        assertThat(log.findings()).isEmpty();
        int chains = log.openings().size();
        assertThat(chains).isBetween(3, 3 * kit().lanes());
        assertThat(log.verified().chains()).isEqualTo(chains);
        assertThat(log.verified().entries()).isEqualTo(chains + rounds * (long) Race.CALLERS);
    }

    @Test
    void closingAStorageClosesItsChain() {
        Storage storage = keyed();
        AuditLog late = rows(storage).auditLog().toBuilder()
                .createdAt(NOW.plusSeconds(5))
                .build();
        rows(storage).stored(late);
        rows(storage).storedAuditLog();
        assertThat(log.verified().unclosed()).hasSize(1);
        storage.close();

        AuditReport report = log.verified();
        assertThat(report.findings()).isEmpty();
        assertThat(report.closed()).isEqualTo(1);
        assertThat(report.unclosed()).isEmpty();
        List<AuditLog> chain = log.all();
        assertThat(chain).hasSize(4);
        AuditLog closing = chain.get(3);
        assertThat(closing.eventType()).isEqualTo(AuditEvent.CHAIN_CLOSED.type());
        assertThat(closing.createdAt()).isEqualTo(late.createdAt());
        assertThat(closing.createdBy()).isEqualTo("qscope");
        storage.close();
        assertThat(log.all()).as("after a second close").hasSize(4);
    }

    @Test
    void anOpeningRecordsWhereOtherChainsStand() {
        Storage closed = keyed();
        rows(closed).storedAuditLog();
        closed.close();
        Storage living = keyed();
        AuditLog livingEntry = rows(living).storedAuditLog();
        Set<AuditHead> ends = log.ends();
        Storage third = keyed();
        AuditLog thirdEntry = rows(third).storedAuditLog();

        assertThat(log.openings()).hasSize(3);
        assertThat(log.openings().stream().flatMap(opening -> ChainedLog.headsIn(opening).stream()))
                .as("what openings record, each end once however many chains there are")
                .containsExactlyInAnyOrderElementsOf(ends);
        AuditReport report = log.verified();
        assertThat(report.findings()).isEmpty();
        assertThat(report.heads()).extracting(AuditHead::chain).containsExactly(log.chainOf(thirdEntry));

        // A chain that goes on ends elsewhere than the opening recorded.
        rows(living).storedAuditLog();
        assertThat(log.verified().heads())
                .extracting(AuditHead::chain)
                .containsExactlyInAnyOrder(log.chainOf(livingEntry), log.chainOf(thirdEntry));
    }

    @Test
    void aLogThatGrewIsIntactAgainstItsCheckpoint() {
        Storage storage = keyed();
        rows(storage).storedAuditLog();
        AuditCheckpoint checkpoint = AuditCheckpoint.of(log.verified(), NOW, keys);
        rows(storage).storedAuditLog();
        storage.close();
        rows(keyed()).storedAuditLog();

        AuditVerification verification =
                AuditVerification.of(observer, () -> keys).against(AuditCheckpoint.parse(checkpoint.toText(), keys));
        assertThat(await(verification.run(ray())).findings()).isEmpty();
        Storage elsewhere = closedAfterTest(kit().open(emptyLocation()));
        assertThat(await(AuditVerification.of(elsewhere, () -> keys)
                                .against(checkpoint)
                                .run(ray()))
                        .findings())
                .extracting(AuditFinding::kind)
                .containsExactly(AuditFinding.Kind.HEAD_MISSING, AuditFinding.Kind.ENTRIES_MISSING);
    }

    @Test
    void anEntryWrittenWithoutKeysIsFound() {
        rows(keyed()).storedAuditLog();
        rows(observer).stored(rows(observer).auditLog());
        assertThat(log.findings()).as("as old as the first chain").isEmpty();

        rows(observer)
                .stored(rows(observer).auditLog().toBuilder()
                        .createdAt(NOW.plusMillis(1))
                        .build());
        assertThat(log.findings()).containsExactly(AuditFinding.Kind.UNCHAINED);
    }

    @Test
    void chainsAreListedOneAfterTheOtherInPages() {
        List<Storage> storages = List.of(keyed(), keyed());
        for (int i = 0; i < 6; i++) {
            rows(storages.get(i % 2)).storedAuditLog();
        }
        rows(observer).storedAuditLog();
        List<AuditLog> whole = log.all();
        assertThat(whole).hasSize(8).isSortedAccordingTo((left, right) -> {
            int byChain = String.valueOf(left.chain()).compareTo(String.valueOf(right.chain()));
            return byChain != 0
                    ? byChain
                    : Long.compare(Objects.requireNonNull(left.sequence()), Objects.requireNonNull(right.sequence()));
        });

        List<AuditLog> paged = new ArrayList<>();
        Slice<AuditLog> slice = await(observer.auditLog().chained(Page.first(3), ray()));
        while (slice.next() != null) {
            assertThat(slice.rows()).hasSize(3);
            paged.addAll(slice.rows());
            slice = await(observer.auditLog().chained(slice.nextPage(3).orElseThrow(), ray()));
        }
        paged.addAll(slice.rows());
        assertThat(paged).isEqualTo(whole);
        assertThat(await(observer.auditLog().chained(Page.first(8), ray())).next())
                .isNull();
    }
}
