package io.qscope.spring;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.DeviceCode;
import io.qscope.model.IdToken;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.model.TokenDigest;
import io.qscope.store.Storage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of an authorization: its root, and then the rows that the root names, at once. They are of no single moment;
 * guards are what decides when it is saved.
 */
final class FamilyReader {

    private final Storage storage;

    FamilyReader(Storage storage) {
        this.storage = storage;
    }

    /**
     * A family by its root's id.
     *
     * @param found a row of it that was read already, and stands in its slot, whatever the root names there
     * @return empty when there is no such root; the root alone when it is damaged, or none of this adapter's
     */
    CompletableFuture<Optional<Family>> family(String rootId, @Nullable Row found, RayId ray) {
        return storage.authorizations()
                .getById(rootId, ray)
                .thenCompose(root -> root.isEmpty()
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : rows(root.get(), found, ray).thenApply(Optional::of));
    }

    private CompletableFuture<Family> rows(Authorization root, @Nullable Row found, RayId ray) {
        Map<Slot, CompletableFuture<? extends Optional<? extends Row>>> reads = new EnumMap<>(Slot.class);
        named(root).forEach((slot, id) -> reads.put(slot, slot.table(storage).getById(id, ray)));
        if (found != null) {
            reads.put(slotOf(found), CompletableFuture.completedFuture(Optional.of(found)));
        }
        return CompletableFuture.allOf(reads.values().toArray(CompletableFuture[]::new))
                .thenApply(all -> {
                    Map<Slot, Row> rows = new EnumMap<>(Slot.class);
                    reads.forEach((slot, read) -> read.join().ifPresent(row -> rows.put(slot, row)));
                    return new Family(root, rows);
                });
    }

    private static Map<Slot, String> named(Authorization root) {
        try {
            return RootAttributes.of(root).rows();
        } catch (UnreadableValueException e) {
            // Whoever makes an authorization of it is told the same, not in the midst of the storage's answers.
            return Map.of();
        }
    }

    /** The row under the first of those digests that there is one of. */
    CompletableFuture<Optional<Row>> row(TokenKind kind, List<TokenDigest> digests, RayId ray) {
        if (digests.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return kind.find(storage, digests.get(0), ray)
                .thenCompose(found -> found.isPresent()
                        ? CompletableFuture.completedFuture(found)
                        : row(kind, digests.subList(1, digests.size()), ray));
    }

    /** The rows of each of those kinds under those digests, in the order of the kinds; all are looked for at once. */
    CompletableFuture<List<Optional<Row>>> rows(Map<TokenKind, List<TokenDigest>> wanted, RayId ray) {
        List<CompletableFuture<Optional<Row>>> reads = new ArrayList<>();
        wanted.forEach((kind, digests) -> reads.add(row(kind, digests, ray)));
        return CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new))
                .thenApply(all -> reads.stream().map(CompletableFuture::join).toList());
    }

    /** The root's id; none: a token that stands alone, which this adapter writes none of. */
    static @Nullable String rootIdOf(Row row) {
        return switch (slotOf(row)) {
            case REQUEST -> ((AuthorizationRequest) row).authorizationId();
            case CODE -> ((AuthorizationCode) row).authorizationId();
            case ACCESS_TOKEN -> ((AccessToken) row).authorizationId();
            case REFRESH_TOKEN -> ((RefreshToken) row).authorizationId();
            case ID_TOKEN -> ((IdToken) row).authorizationId();
            case DEVICE_CODE -> ((DeviceCode) row).authorizationId();
        };
    }

    private static Slot slotOf(Row row) {
        if (row instanceof AuthorizationRequest) {
            return Slot.REQUEST;
        }
        if (row instanceof AuthorizationCode) {
            return Slot.CODE;
        }
        if (row instanceof AccessToken) {
            return Slot.ACCESS_TOKEN;
        }
        if (row instanceof RefreshToken) {
            return Slot.REFRESH_TOKEN;
        }
        if (row instanceof IdToken) {
            return Slot.ID_TOKEN;
        }
        if (row instanceof DeviceCode) {
            return Slot.DEVICE_CODE;
        }
        throw new IllegalStateException(
                "no authorization has a row of the class " + row.getClass().getName());
    }
}
