package io.qscope.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AuditLog;
import io.qscope.store.AuditLogTable;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The audit log is append-only. */
@SuppressWarnings("deprecation") // update and deleteById are deprecated, so that nobody calls them unnoticed
abstract class AuditLogContract extends ContractGroup {

    AuditLogContract(StorageContract kit) {
        super(kit);
    }

    @Test
    void anUpdateIsRefusedInTheFutureAndChangesNothing() {
        AuditLog entry = rows().storedAuditLog();

        refusedAsAppendOnly(log().update(entry.toBuilder().eventType("forged").build(), ray()));

        assertThat(row(log(), entry.id()).eventType()).isEqualTo(entry.eventType());
    }

    @Test
    void aDeletionIsRefusedInTheFutureAndTheEntryStays() {
        AuditLog entry = rows().storedAuditLog();

        refusedAsAppendOnly(log().deleteById(entry.id(), ray()));

        assertThat(TableCase.AUDIT_LOG.withoutGivenByStore(row(log(), entry.id())))
                .isEqualTo(entry);
    }

    @Test
    void whatTheStoreGivesIsIgnoredOnInsert() {
        AuditLog forged = rows().auditLog().toBuilder()
                .chain("forged")
                .sequence(41L)
                .previousHash("forged")
                .hash("forged")
                .build();

        AuditLog stored = row(log(), rows().stored(forged).id());

        assertThat(stored.chain()).isNotEqualTo("forged");
        assertThat(Objects.equals(stored.sequence(), 41L)).isFalse();
        assertThat(stored.previousHash()).isNotEqualTo("forged");
        assertThat(stored.hash()).isNotEqualTo("forged");
    }

    private AuditLogTable log() {
        return storage().auditLog();
    }
}
