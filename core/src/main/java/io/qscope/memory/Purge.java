package io.qscope.memory;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.Consent;
import io.qscope.model.DeviceCode;
import io.qscope.model.IdToken;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.store.Purged;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One purge: which rows are of no more use, and their deletion until the limit is reached. */
final class Purge {

    private final MemoryData data;
    private final Instant before;
    private final Instant now;
    private int left;

    Purge(MemoryData data, Instant before, Instant now, int limit) {
        this.data = data;
        this.before = before;
        this.now = now;
        this.left = limit;
    }

    /** Children before roots, so that a family that is wholly over goes in one purge. */
    Purged run() {
        int accessTokens = delete(data.accessTokens, this::isOver);
        int refreshTokens = delete(data.refreshTokens, this::isOver);
        int codes = delete(data.codes, this::isOver);
        int deviceCodes = delete(data.deviceCodes, this::isOver);
        int idTokens = delete(data.idTokens, this::isOver);
        int requests = delete(data.requests, this::isOver);
        int authorizations = delete(data.authorizations, this::isOver);
        int consents = delete(data.consents, this::isOver);
        int throttles = data.throttles.removeEnded(before, left);
        return new Purged(
                accessTokens,
                refreshTokens,
                codes,
                deviceCodes,
                idTokens,
                requests,
                authorizations,
                consents,
                throttles);
    }

    private boolean isOver(AccessToken token) {
        return token.expiresAt().isBefore(before);
    }

    private boolean isOver(RefreshToken token) {
        Instant expiresAt = token.expiresAt();
        return expiresAt != null
                ? expiresAt.isBefore(before)
                : isBefore(token.rotatedAt())
                        || isBefore(token.revokedAt())
                        || isBefore(data.rootRevokedAt(token.authorizationId()));
    }

    /** A consumed code stays as long as its family has a live token: a replay of it must still be seen. */
    private boolean isOver(AuthorizationCode code) {
        return code.expiresAt().isBefore(before)
                && (code.consumedAt() == null || !hasLiveToken(code.authorizationId()));
    }

    private boolean isOver(DeviceCode code) {
        return code.expiresAt().isBefore(before);
    }

    private boolean isOver(IdToken token) {
        return token.expiresAt().isBefore(before);
    }

    private boolean isOver(AuthorizationRequest request) {
        return request.expiresAt().isBefore(before);
    }

    private boolean isOver(Authorization root) {
        return root.updatedAt().isBefore(before)
                && data.codesByRoot.all(root.id()).isEmpty()
                && data.accessTokensByRoot.all(root.id()).isEmpty()
                && data.refreshTokensByRoot.all(root.id()).isEmpty()
                && data.deviceCodesByRoot.all(root.id()).isEmpty()
                && data.idTokensByRoot.all(root.id()).isEmpty()
                && data.requestsByRoot.all(root.id()).isEmpty();
    }

    private boolean isOver(Consent consent) {
        return isBefore(consent.revokedAt());
    }

    private boolean hasLiveToken(String authorizationId) {
        return data.rootRevokedAt(authorizationId) == null
                && (data.accessTokensByRoot.all(authorizationId).stream()
                                .anyMatch(token -> token.row().isLive(now))
                        || data.refreshTokensByRoot.all(authorizationId).stream()
                                .anyMatch(token -> token.row().isLive(now)));
    }

    private boolean isBefore(@Nullable Instant moment) {
        return moment != null && moment.isBefore(before);
    }

    private <T extends Row> int delete(Rows<T> rows, Predicate<T> isOver) {
        List<Stored<T>> over = rows.all().stream()
                .filter(stored -> isOver.test(stored.row()))
                .sorted(Comparator.comparing(Stored::row, Pages.byAge()))
                .limit(left)
                .toList();
        over.forEach(rows::remove);
        left -= over.size();
        return over.size();
    }
}
