package io.qscope.spring;

import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Reads the rows of an authorization, all of one moment. */
final class FamilyReader {

    private final Storage storage;

    FamilyReader(Storage storage) {
        this.storage = storage;
    }

    /** A family by its root's id. */
    CompletableFuture<Optional<Family>> family(String rootId, RayId ray) {
        return storage.authorizations().getFamily(rootId, ray);
    }

    /** The family of the row under the first of those digests that there is one of. */
    CompletableFuture<Optional<Family>> family(TokenKind kind, List<TokenDigest> digests, RayId ray) {
        if (digests.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        CompletableFuture<Optional<Family>> first = kind.find(storage, digests.get(0), ray);
        return digests.size() == 1
                ? first
                : first.thenCompose(found -> found.isPresent()
                        ? CompletableFuture.completedFuture(found)
                        : family(kind, digests.subList(1, digests.size()), ray));
    }

    /** The same for each of those kinds, in their order; all are looked for at once. */
    CompletableFuture<List<Optional<Family>>> families(Map<TokenKind, List<TokenDigest>> wanted, RayId ray) {
        List<CompletableFuture<Optional<Family>>> reads = new ArrayList<>();
        wanted.forEach((kind, digests) -> reads.add(family(kind, digests, ray)));
        return CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new))
                .thenApply(all -> reads.stream().map(CompletableFuture::join).toList());
    }
}
