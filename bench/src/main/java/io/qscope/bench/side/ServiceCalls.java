package io.qscope.bench.side;

import io.qscope.bench.data.Codes;
import io.qscope.bench.data.DataSet;
import io.qscope.bench.data.RefreshTokens;
import io.qscope.bench.data.Sample;
import io.qscope.bench.load.Calls;
import io.qscope.model.RayId;
import io.qscope.result.Result;
import io.qscope.result.SuccessResult;
import io.qscope.service.ClientCredentials;
import io.qscope.service.CodeRedemption;
import io.qscope.service.Introspection;
import io.qscope.service.OAuthServices;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The operations by the services, as a token endpoint calls them: the client looked up too, PKCE checked, an audit entry for each. */
public final class ServiceCalls implements Calls {

    private final Operation operation;
    private final DataSet data;
    private final OAuthServices services;
    private final Supplies supplies;
    private final AtomicLong calls = new AtomicLong();

    /** @param families that refresh tokens are taken from */
    public ServiceCalls(Operation operation, DataSet data, OAuthServices services, int families) {
        this.operation = operation;
        this.data = data;
        this.services = services;
        this.supplies = new Supplies(operation, data, families);
    }

    @Override
    public void prepare(long wanted) throws Exception {
        supplies.fill(wanted);
    }

    @Override
    public @Nullable CompletableFuture<?> call() {
        long n = calls.getAndIncrement();
        return switch (operation == Operation.MIXED ? Operation.mixed(n) : operation) {
            case LOOKUP -> introspect(n);
            case INSERT ->
                services.tokens()
                        .clientCredentials(anyClient(n), null, Map.of(), RayId.random())
                        .thenAccept(ServiceCalls::succeeded);
            case REDEEM -> redeem();
            default -> refresh();
        };
    }

    private ClientCredentials anyClient(long n) {
        return ClientCredentials.verified(data.sample().clientOf(n).clientIdentifier());
    }

    private CompletableFuture<?> introspect(long n) {
        return services.tokens()
                .introspect(anyClient(n), data.sample().presented(), "access_token", RayId.random())
                .thenAccept(result -> {
                    Introspection told = succeeded(result);
                    if (!told.active()) {
                        throw new IllegalStateException("a stored token was not found live");
                    }
                });
    }

    private @Nullable CompletableFuture<?> redeem() {
        Codes.Waiting code = supplies.codes().take();
        if (code == null) {
            return null;
        }
        return services.codes()
                .redeem(
                        ClientCredentials.verified(code.client().clientIdentifier()),
                        new CodeRedemption(code.value(), Sample.REDIRECT_URI, Sample.VERIFIER),
                        RayId.random())
                .thenAccept(ServiceCalls::succeeded);
    }

    private @Nullable CompletableFuture<?> refresh() {
        RefreshTokens.Waiting token = supplies.refreshTokens().take();
        if (token == null) {
            return null;
        }
        return services.tokens()
                .refresh(
                        ClientCredentials.verified(token.client().clientIdentifier()),
                        token.value(),
                        null,
                        RayId.random())
                .thenAccept(result -> supplies.refreshTokens()
                        .put(new RefreshTokens.Waiting(
                                Objects.requireNonNull(succeeded(result).refreshToken()), token.client())));
    }

    private static <T> T succeeded(Result<T> result) {
        if (result instanceof SuccessResult<T> success) {
            return Objects.requireNonNull(success.value());
        }
        throw new IllegalStateException("a measured call was refused: " + result);
    }
}
