package io.qscope.audit;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.model.RowIds;
import io.qscope.model.Samples;
import io.qscope.store.Attempt;
import io.qscope.store.Page;
import io.qscope.store.Storage;
import io.qscope.store.StorageOptions;
import io.qscope.store.UnitOfWork;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A log as a storage writes it: two entries from before there were keys; then chain after chain, each of an opening, two
 * entries of their own, a unit of three, another entry, and a closing.
 *
 * @param entries all of it
 * @param chains their ids, the oldest first
 */
record RealLog(List<AuditLog> entries, List<String> chains) {

    static final Key KEY = Key.generate("one");
    static final KeyRing KEYS = KeyRing.of(KEY);
    static final RayId RAY = new RayId("ray");
    static final Instant T0 = Samples.T0;

    /** How many entries a chain has in it, from the opening to the closing. */
    static final int IN_A_CHAIN = 8;

    static RealLog ofChains(int count) {
        String url = "memory:" + RowIds.next();
        try (Storage all = Storage.open(url)) {
            write(all, T0.minusSeconds(2));
            write(all, T0.minusSeconds(1));
            List<String> chains = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                try (Storage keyed = Storage.open(url, StorageOptions.with(KEYS))) {
                    chains.add(chain(keyed, T0.plusSeconds(10L * i)));
                }
            }
            return new RealLog(read(all), chains);
        }
    }

    private static String chain(Storage storage, Instant at) {
        AuditLog first = write(storage, at);
        write(storage, at.plusSeconds(1));
        UnitOfWork unit = storage.unitOfWork(Attempt.of(at, "test"));
        Stream.of(2, 3, 4).forEach(second -> unit.insert(entry(at.plusSeconds(second))));
        unit.commit(RAY).join();
        write(storage, at.plusSeconds(5));
        return Objects.requireNonNull(
                storage.auditLog().getById(first.id(), RAY).join().orElseThrow().chain());
    }

    static AuditLog write(Storage storage, Instant at) {
        AuditLog entry = entry(at);
        storage.auditLog().insert(entry, RAY).join();
        return entry;
    }

    static AuditLog entry(Instant at) {
        return AuditLog.builder()
                .id(RowIds.next())
                .eventType("token.refreshed")
                .subject("subject")
                .clientId("client")
                .userId("user")
                .rayId(RAY)
                .metadata(Map.of("scopes", List.of("a", "b"), "n", 1L))
                .createdAt(at)
                .createdBy("test")
                .build();
    }

    static List<AuditLog> read(Storage storage) {
        return storage.auditLog()
                .page(Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"), Page.first(Page.MOST), RAY)
                .join()
                .rows();
    }

    /** The entry at that place of a chain. */
    AuditLog at(int chain, long sequence) {
        return entries.stream()
                .filter(entry -> chains.get(chain).equals(entry.chain()))
                .filter(entry -> Objects.equals(sequence, entry.sequence()))
                .findFirst()
                .orElseThrow();
    }

    /** The log with other entries in the place of some, or none. */
    RealLog with(java.util.function.Function<AuditLog, Optional<AuditLog>> tampering) {
        return new RealLog(
                entries.stream().map(tampering).flatMap(Optional::stream).toList(), chains);
    }

    RealLog replaced(AuditLog old, AuditLog by) {
        return with(entry -> Optional.of(entry.equals(old) ? by : entry));
    }

    RealLog without(AuditLog... gone) {
        List<AuditLog> all = List.of(gone);
        return with(entry -> Optional.of(entry).filter(each -> !all.contains(each)));
    }

    RealLog and(AuditLog more) {
        List<AuditLog> longer = new ArrayList<>(entries);
        longer.add(more);
        return new RealLog(longer, chains);
    }

    AuditReport verified(AuditCheckpoint... checkpoints) {
        return verified(ListedLog.of(entries), KEYS, checkpoints);
    }

    static AuditReport verified(ListedLog log, KeyRing keys, AuditCheckpoint... checkpoints) {
        AuditVerification verification = AuditVerification.of(log, () -> keys);
        for (AuditCheckpoint checkpoint : checkpoints) {
            verification = verification.against(checkpoint);
        }
        return verification.run(RAY).join();
    }
}
