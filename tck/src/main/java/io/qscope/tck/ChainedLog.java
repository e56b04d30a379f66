package io.qscope.tck;

import static io.qscope.tck.ContractGroup.await;
import static io.qscope.tck.ContractGroup.ray;

import io.qscope.audit.AuditEvent;
import io.qscope.audit.AuditFinding;
import io.qscope.audit.AuditHead;
import io.qscope.audit.AuditReport;
import io.qscope.audit.AuditVerification;
import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import io.qscope.store.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The chains of a log, as any of the storages on it shows them.
 *
 * @param keys those that hash it
 */
record ChainedLog(Storage storage, KeyRing keys) {

    /** Every entry that has a place in a chain, chain after chain. */
    List<AuditLog> all() {
        List<AuditLog> all = new ArrayList<>();
        Page page = Page.first(Page.MOST);
        while (page != null) {
            Slice<AuditLog> slice = await(storage.auditLog().chained(page, ray()));
            all.addAll(slice.rows());
            page = slice.nextPage(Page.MOST).orElse(null);
        }
        return all;
    }

    List<AuditLog> openings() {
        return all().stream()
                .filter(entry -> entry.eventType().equals(AuditEvent.CHAIN_OPENED.type()))
                .toList();
    }

    AuditReport verified() {
        return await(AuditVerification.of(storage, () -> keys).run(ray()));
    }

    List<AuditFinding.Kind> findings() {
        return verified().findings().stream().map(AuditFinding::kind).toList();
    }

    /** The entry with its place in the chain. */
    AuditLog stored(AuditLog entry) {
        return ContractGroup.row(storage.auditLog(), entry.id());
    }

    String chainOf(AuditLog entry) {
        return String.valueOf(stored(entry).chain());
    }

    String previousOf(AuditLog entry) {
        return String.valueOf(stored(entry).previousHash());
    }

    /** The digest of a group, of entries in the order of their sequence. */
    String link(List<AuditLog> group) {
        return AuditHead.linkOf(group.stream()
                .map(entry -> String.valueOf(stored(entry).hash()))
                .toList());
    }

    /** Where each chain stands: the digest of the entries that name the same group before them as its last one does. */
    Set<AuditHead> ends() {
        Map<String, List<AuditLog>> chains =
                all().stream().collect(Collectors.groupingBy(entry -> String.valueOf(entry.chain())));
        return chains.values().stream().map(ChainedLog::end).collect(Collectors.toSet());
    }

    private static AuditHead end(List<AuditLog> chain) {
        AuditLog last = chain.get(chain.size() - 1);
        List<String> group = chain.stream()
                .filter(entry -> Objects.equals(entry.previousHash(), last.previousHash()))
                .map(entry -> String.valueOf(entry.hash()))
                .toList();
        return new AuditHead(
                String.valueOf(last.chain()), Objects.requireNonNull(last.sequence()), AuditHead.linkOf(group));
    }

    /** The heads that an opening names. */
    static List<AuditHead> headsIn(AuditLog opening) {
        List<?> heads = (List<?>) Objects.requireNonNull(opening.metadata().get("heads"));
        return heads.stream()
                .map(each -> (Map<?, ?>) each)
                .map(head -> new AuditHead(
                        (String) Objects.requireNonNull(head.get("chain")),
                        (Long) Objects.requireNonNull(head.get("sequence")),
                        (String) Objects.requireNonNull(head.get("link"))))
                .toList();
    }
}
