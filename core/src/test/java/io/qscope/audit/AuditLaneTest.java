package io.qscope.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import io.qscope.model.Limits;
import io.qscope.model.RayId;
import io.qscope.model.RowIds;
import io.qscope.model.Samples;
import io.qscope.store.StorageUnavailableException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a lane gives its entries, group after group, whatever becomes of a group. */
class AuditLaneTest {

    private static final RayId RAY = new RayId("ray");
    private static final Instant T0 = Samples.T0;

    private final KeyRing keys = KeyRing.of(Key.generate("one"));
    private final AuditLane lane = new AuditLane(() -> keys);

    private static AuditLog entry(Instant at) {
        return AuditLog.builder()
                .id(RowIds.next())
                .eventType("token.refreshed")
                .rayId(RAY)
                .createdAt(at)
                .createdBy("test")
                .build();
    }

    private static AuditLog entry() {
        return entry(T0);
    }

    private static AuditHead commit(AuditGroup group) {
        group.committing();
        group.committed();
        return group.head();
    }

    /** A lane with a first group of one entry. */
    private AuditHead open() {
        AuditGroup group = lane.begin();
        group.seal(entry(), RAY);
        group.opening(List.of());
        return commit(group);
    }

    @Test
    void firstGroupHasTheOpeningBeforeItsEntries() {
        AuditGroup group = lane.begin();
        AuditLog first = group.seal(entry(T0.plusSeconds(5)), RAY);
        AuditLog second = group.seal(entry(T0), RAY);
        assertThat(group.opens()).isTrue();
        AuditLog opening = group.opening(List.of());
        assertThat(group.opens()).isFalse();

        assertThat(opening.eventType()).isEqualTo(AuditEvent.CHAIN_OPENED.type());
        assertThat(opening.createdAt()).isEqualTo(first.createdAt());
        assertThat(opening.createdBy()).isEqualTo("qscope");
        assertThat(opening.metadata()).isEqualTo(Map.of("heads", List.of()));
        assertThat(List.of(opening, first, second))
                .extracting(AuditLog::sequence)
                .containsExactly(1L, 2L, 3L);
        assertThat(List.of(opening, first, second))
                .extracting(AuditLog::previousHash)
                .containsOnly(AuditHead.NO_LINK);
        assertThat(List.of(opening, first, second)).extracting(AuditLog::chain).containsOnly(opening.chain());
        assertThat(group.head())
                .isEqualTo(new AuditHead(
                        String.valueOf(opening.chain()),
                        3,
                        AuditHead.linkOf(List.of(hash(opening), hash(first), hash(second)))));
    }

    private static String hash(AuditLog entry) {
        return String.valueOf(entry.hash());
    }

    @Test
    void whatTheEntrySaysOfItsPlaceIsIgnored() {
        AuditLog bare = entry();
        AuditLog sealed = lane.begin()
                .seal(
                        bare.toBuilder()
                                .chain("forged")
                                .sequence(9L)
                                .previousHash("forged")
                                .hash("forged")
                                .build(),
                        RAY);
        assertThat(sealed.chain()).isNotEqualTo("forged");
        assertThat(sealed.sequence()).isEqualTo(2);
        assertThat(sealed.previousHash()).isEqualTo(AuditHead.NO_LINK);
        assertThat(sealed.hash()).startsWith("v1:one:");
        assertThat(sealed.toBuilder()
                        .chain(null)
                        .sequence(null)
                        .previousHash(null)
                        .hash(null)
                        .build())
                .isEqualTo(bare);
    }

    @Test
    void eachGroupHasTheLinkOfTheOneBefore() {
        AuditHead first = open();
        AuditGroup second = lane.begin();
        assertThat(second.seal(entry(), RAY).previousHash()).isEqualTo(first.link());
        assertThat(second.seal(entry(), RAY).previousHash()).isEqualTo(first.link());
        assertThat(second.opens()).isFalse();
        AuditHead head = commit(second);
        assertThat(head.chain()).isEqualTo(first.chain());
        assertThat(head.sequence()).isEqualTo(4);
        assertThat(lane.begin().seal(entry(), RAY).previousHash()).isEqualTo(head.link());
    }

    @Test
    void whatIsUndoneLeavesAGapAndNoTrace() {
        open();
        AuditGroup group = lane.begin();
        AuditLog kept = group.seal(entry(), RAY);
        int before = group.size();
        group.seal(entry(), RAY);
        group.seal(entry(), RAY);
        group.cutTo(before);
        AuditLog after = group.seal(entry(), RAY);
        assertThat(kept.sequence()).isEqualTo(3);
        assertThat(after.sequence()).isEqualTo(6);
        assertThat(group.head().link()).isEqualTo(AuditHead.linkOf(List.of(hash(kept), hash(after))));
    }

    @Test
    void groupThatIsNeverCommittedHasNotHappened() {
        AuditHead first = open();
        AuditLog lost = lane.begin().seal(entry(), RAY);
        AuditLog again = lane.begin().seal(entry(), RAY);
        assertThat(lost.previousHash()).isEqualTo(first.link());
        assertThat(again.previousHash()).isEqualTo(first.link());
        assertThat(again.sequence()).isGreaterThan(lost.sequence());
    }

    @Test
    void firstGroupThatIsLostIsBegunAnewInTheSameChain() {
        AuditLog lost = lane.begin().seal(entry(), RAY);
        AuditGroup again = lane.begin();
        AuditLog sealed = again.seal(entry(), RAY);
        assertThat(sealed.chain()).isEqualTo(lost.chain());
        assertThat(sealed.sequence()).isEqualTo(3);
        assertThat(again.opening(List.of()).sequence()).isEqualTo(1);
    }

    @Test
    void groupInDoubtThatIsStoredIsGoneOnFrom() {
        open();
        AuditGroup doubtful = lane.begin();
        doubtful.seal(entry(), RAY);
        doubtful.committing();
        assertThat(lane.inDoubt()).contains(doubtful.head());
        assertThatIllegalStateException().isThrownBy(lane::begin);
        lane.settle(true);
        assertThat(lane.inDoubt()).isEmpty();
        AuditLog next = lane.begin().seal(entry(), RAY);
        assertThat(next.previousHash()).isEqualTo(doubtful.head().link());
        assertThat(next.sequence()).isEqualTo(4);
    }

    @Test
    void groupInDoubtThatIsNotStoredLeavesAGap() {
        AuditHead first = open();
        AuditGroup doubtful = lane.begin();
        doubtful.seal(entry(), RAY);
        doubtful.committing();
        lane.settle(false);
        AuditLog next = lane.begin().seal(entry(), RAY);
        assertThat(next.previousHash()).isEqualTo(first.link());
        assertThat(next.sequence()).isEqualTo(4);
    }

    /** Its opening has a number that is never given out twice in a chain. */
    @Test
    void firstGroupInDoubtThatIsNotStoredIsFollowedByAnotherChain() {
        AuditGroup doubtful = lane.begin();
        doubtful.seal(entry(), RAY);
        doubtful.opening(List.of());
        doubtful.committing();
        lane.settle(false);
        assertThat(lane.isOpen()).isFalse();
        AuditGroup next = lane.begin();
        assertThat(next.seal(entry(), RAY).chain()).isNotEqualTo(doubtful.head().chain());
        assertThat(next.opens()).isTrue();
    }

    @Test
    void nothingIsCommittedWithoutItsOpeningNorWithoutEntries() {
        assertThatIllegalStateException().isThrownBy(() -> lane.begin().committing());
        AuditGroup group = lane.begin();
        group.seal(entry(), RAY);
        assertThatIllegalStateException().isThrownBy(group::committing);
        group.cutTo(0);
        assertThat(group.opens()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> group.opening(List.of()));
    }

    @Test
    void closingIsTheLastEntryAndAsLateAsTheNewest() {
        assertThat(lane.isOpen()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> lane.begin().closing());
        open();
        AuditGroup later = lane.begin();
        later.seal(entry(T0.plusSeconds(9)), RAY);
        AuditHead head = commit(later);
        AuditGroup earlier = lane.begin();
        earlier.cutTo(0);
        AuditLog closing = earlier.closing();
        assertThat(closing.eventType()).isEqualTo(AuditEvent.CHAIN_CLOSED.type());
        assertThat(closing.createdAt()).isEqualTo(T0.plusSeconds(9));
        assertThat(closing.previousHash()).isEqualTo(head.link());
        assertThat(lane.isOpen()).isTrue();
        commit(earlier);
        assertThat(lane.isOpen()).isFalse();
        assertThatIllegalStateException().isThrownBy(lane::begin);
    }

    @Test
    void openingRecordsAsManyHeadsAsItsMetadataHolds() {
        List<AuditHead> heads = IntStream.range(0, AuditLane.MOST_HEADS)
                .mapToObj(i -> new AuditHead(RowIds.next(), Long.MAX_VALUE - i, "f".repeat(64)))
                .toList();
        AuditGroup group = lane.begin();
        group.seal(entry(), RAY);
        AuditLog opening = group.opening(heads);
        assertThat(AuditHeads.in(opening)).isEqualTo(heads);
        assertThat(Limits.METADATA).isGreaterThan(AuditLane.MOST_HEADS * 138);
    }

    @Test
    void keyIsAskedForOnceAGroupAndMayChangeBetweenTwo() {
        AtomicReference<KeyRing> ring = new AtomicReference<>(keys);
        AuditLane rotating = new AuditLane(ring::get);
        AuditGroup group = rotating.begin();
        group.seal(entry(), RAY);
        ring.set(keys.writingWith(Key.generate("two")));
        assertThat(group.seal(entry(), RAY).hash()).startsWith("v1:one:");
        assertThat(rotating.begin().seal(entry(), RAY).hash()).startsWith("v1:two:");
    }

    @Test
    void missingKeyFailsTheEntriesOfItsGroupAndIsAskedForOnce() {
        AtomicInteger asked = new AtomicInteger();
        AuditLane unlucky = new AuditLane(() -> {
            if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("the vault's password is wrong: hunter2");
            }
            return keys;
        });
        AuditGroup group = unlucky.begin();
        for (String ray : List.of("first", "second")) {
            assertThatThrownBy(() -> group.seal(entry(), new RayId(ray)))
                    .isInstanceOfSatisfying(
                            StorageUnavailableException.class,
                            e -> assertThat(e.outcomeUnknown()).isFalse())
                    .hasMessageContainingAll("the key of the audit log", "java.lang.IllegalStateException", ray)
                    .hasNoCause()
                    .message()
                    .doesNotContain("hunter2");
        }
        assertThat(group.size()).isZero();
        assertThat(asked).hasValue(1);
        assertThat(unlucky.begin().seal(entry(), RAY).previousHash()).isEqualTo(AuditHead.NO_LINK);
    }
}
