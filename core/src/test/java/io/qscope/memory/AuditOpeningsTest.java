package io.qscope.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditLane;
import io.qscope.audit.AuditVerification;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.model.RowIds;
import io.qscope.model.Samples;
import io.qscope.store.Storage;
import io.qscope.store.StorageOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What openings record when there are more chains than one of them holds. */
class AuditOpeningsTest {

    private static final RayId RAY = new RayId("ray");
    private static final KeyRing KEYS = KeyRing.of(Key.generate("key"));

    private final String url = "memory:" + RowIds.next();

    private Storage opened() {
        Storage storage = Storage.open(url, StorageOptions.with(KEYS));
        write(storage);
        return storage;
    }

    private static void write(Storage storage) {
        AuditLog entry = AuditLog.builder()
                .id(RowIds.next())
                .eventType("token.refreshed")
                .rayId(RAY)
                .createdAt(Samples.T0)
                .createdBy("test")
                .build();
        storage.auditLog().insert(entry, RAY).join();
    }

    /** What goes on comes back after each opening; what ended is recorded all the same. */
    @Test
    void endedChainIsRecordedHoweverManyOthersGoOn() {
        List<Storage> living = new ArrayList<>();
        for (int i = 0; i < AuditLane.MOST_HEADS + 5; i++) {
            living.add(opened());
        }
        opened().close();
        for (int round = 0; round < 2; round++) {
            living.forEach(AuditOpeningsTest::write);
            living.add(opened());
        }
        living.forEach(AuditOpeningsTest::write);
        var report = AuditVerification.of(living.get(0), () -> KEYS).run(RAY).join();
        assertThat(report.findings()).isEmpty();
        assertThat(report.closed()).isEqualTo(1);
        // Those that go on stand elsewhere than any opening says.
        assertThat(report.heads()).hasSameSizeAs(living);
        living.forEach(Storage::close);
    }
}
