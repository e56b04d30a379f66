package io.qscope.memory;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.DeviceCode;
import io.qscope.model.Family;
import io.qscope.model.IdToken;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Puts families together. To be used under the lock. */
final class Families {

    private final MemoryData data;

    Families(MemoryData data) {
        this.data = data;
    }

    /**
     * The family of a root.
     *
     * @param rootId none, for a token that stands alone
     * @param found the row that it was asked for by; none: by its root
     */
    Optional<Family> of(@Nullable String rootId, @Nullable Row found) {
        return rootId == null
                ? Optional.empty()
                : data.authorizations.byId(rootId).map(root -> of(root.row(), found));
    }

    private Family of(Authorization root, @Nullable Row found) {
        String id = root.id();
        Instant mark = root.revokedAt();
        AuthorizationRequest request =
                of(AuthorizationRequest.class, found, data.requestsByRoot.all(id), row -> row.consumedAt() == null);
        AuthorizationCode code = of(AuthorizationCode.class, found, data.codesByRoot.all(id), row -> true);
        DeviceCode device = of(DeviceCode.class, found, data.deviceCodesByRoot.all(id), row -> true);
        AccessToken access = of(AccessToken.class, found, data.accessTokensByRoot.all(id), row -> true);
        RefreshToken refresh =
                of(RefreshToken.class, found, data.refreshTokensByRoot.all(id), row -> row.rotatedAt() == null);
        IdToken idToken = of(IdToken.class, found, data.idTokensByRoot.all(id), row -> true);
        return new Family(
                root,
                request == null
                        ? null
                        : request.toBuilder().authorizationRevokedAt(mark).build(),
                code == null
                        ? null
                        : code.toBuilder().authorizationRevokedAt(mark).build(),
                device == null
                        ? null
                        : device.toBuilder().authorizationRevokedAt(mark).build(),
                access == null
                        ? null
                        : access.toBuilder().authorizationRevokedAt(mark).build(),
                refresh == null
                        ? null
                        : refresh.toBuilder().authorizationRevokedAt(mark).build(),
                idToken == null
                        ? null
                        : idToken.toBuilder().authorizationRevokedAt(mark).build());
    }

    /** The row that was found, if it is of that kind; else the newest that counts. */
    private static <T extends Row> @Nullable T of(
            Class<T> kind, @Nullable Row found, Collection<Stored<T>> rows, Predicate<T> counts) {
        return kind.isInstance(found)
                ? kind.cast(found)
                : rows.stream()
                        .map(Stored::row)
                        .filter(counts)
                        .max(Pages.byAge())
                        .orElse(null);
    }
}
