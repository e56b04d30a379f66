package io.qscope.service;

import io.qscope.model.AccessToken;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.DeviceCode;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.model.TokenDigest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Finds out what a presented token is; the hint only says where to look first (RFC 7009 §2.1, RFC 7662 §2.1). */
final class PresentedTokens {

    static final String REFRESH_TOKEN = "refresh_token";

    private final ServiceContext context;

    PresentedTokens(ServiceContext context) {
        this.context = context;
    }

    /** The {@link AccessToken} or {@link RefreshToken}; empty when it is neither. */
    CompletableFuture<Optional<Row>> find(String token, @Nullable String hint, RayId ray) {
        boolean refreshFirst = REFRESH_TOKEN.equals(hint);
        return (refreshFirst ? refreshToken(token, ray) : accessToken(token, ray))
                .thenCompose(found -> found.isPresent()
                        ? CompletableFuture.completedFuture(found)
                        : refreshFirst ? accessToken(token, ray) : refreshToken(token, ray));
    }

    /** The {@link AccessToken}, {@link RefreshToken}, {@link AuthorizationCode} or {@link DeviceCode}; empty when it is none. */
    CompletableFuture<Optional<Row>> findAny(String value, RayId ray) {
        return find(value, null, ray)
                .thenCompose(found -> found.isPresent()
                        ? CompletableFuture.completedFuture(found)
                        : code(value, context.storage.authorizationCodes()::getByCode, ray))
                .thenCompose(found -> found.isPresent()
                        ? CompletableFuture.completedFuture(found)
                        : code(value, context.storage.deviceCodes()::getByDeviceCode, ray));
    }

    private <T extends Row> CompletableFuture<Optional<Row>> code(
            String value, BiFunction<TokenDigest, RayId, CompletableFuture<Optional<T>>> lookup, RayId ray) {
        return context.find(context.tokens, value, lookup, ray).thenApply(found -> found.map(row -> row));
    }

    private CompletableFuture<Optional<Row>> accessToken(String token, RayId ray) {
        return context.find(context.tokens, token, context.storage.accessTokens()::getByToken, ray)
                .thenApply(found -> found.map(row -> row));
    }

    private CompletableFuture<Optional<Row>> refreshToken(String token, RayId ray) {
        return context.find(context.tokens, token, context.storage.refreshTokens()::getByToken, ray)
                .thenApply(found -> found.map(row -> row));
    }
}
