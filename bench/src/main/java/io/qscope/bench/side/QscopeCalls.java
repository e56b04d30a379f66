package io.qscope.bench.side;

import io.qscope.bench.data.Codes;
import io.qscope.bench.data.DataSet;
import io.qscope.bench.data.Grant;
import io.qscope.bench.data.RefreshTokens;
import io.qscope.bench.data.Sample;
import io.qscope.bench.load.Calls;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.Grace;
import io.qscope.store.Storage;
import io.qscope.store.UnitOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The operations by the storage, as an authorization server's own code would call it. */
public final class QscopeCalls implements Calls {

    private final Operation operation;
    private final DataSet data;
    private final Storage storage;
    private final Supplies supplies;
    private final AtomicLong mixed = new AtomicLong();

    /** @param families that refresh tokens are taken from */
    public QscopeCalls(Operation operation, DataSet data, int families) {
        this.operation = operation;
        this.data = data;
        this.storage = data.storage();
        this.supplies = new Supplies(operation, data, families);
    }

    @Override
    public void prepare(long calls) throws Exception {
        supplies.fill(calls);
    }

    @Override
    public @Nullable CompletableFuture<?> call() {
        return call(operation == Operation.MIXED ? Operation.mixed(mixed.getAndIncrement()) : operation);
    }

    private @Nullable CompletableFuture<?> call(Operation each) {
        return switch (each) {
            case LOOKUP -> lookUp();
            case INSERT -> storage.accessTokens().insert(data.sample().mint(), RayId.random());
            case REDEEM -> redeem();
            default -> refresh();
        };
    }

    private CompletableFuture<?> lookUp() {
        TokenDigest digest = TokenDigest.sha256(data.sample().presented());
        return storage.accessTokens().getByToken(digest, RayId.random()).thenAccept(found -> {
            if (found.isEmpty() || !found.get().isLive(Sample.NOW)) {
                throw new IllegalStateException("a stored token was not found live");
            }
        });
    }

    private @Nullable CompletableFuture<?> redeem() {
        Codes.Waiting code = supplies.codes().take();
        if (code == null) {
            return null;
        }
        TokenDigest digest = TokenDigest.sha256(code.value());
        RayId ray = RayId.random();
        return storage.authorizationCodes().getByCode(digest, ray).thenCompose(found -> {
            Grant grant = Grant.redeeming(found.orElseThrow());
            return storage.unitOfWork(grant.attempt())
                    .consume(digest)
                    .insert(grant.access())
                    .insert(grant.refresh())
                    .insert(grant.entry())
                    .commit(ray)
                    .thenAccept(QscopeCalls::requireCommitted);
        });
    }

    private @Nullable CompletableFuture<?> refresh() {
        RefreshTokens.Waiting token = supplies.refreshTokens().take();
        if (token == null) {
            return null;
        }
        TokenDigest digest = TokenDigest.sha256(token.value());
        RayId ray = RayId.random();
        return storage.refreshTokens().getByToken(digest, ray).thenCompose(found -> {
            Grant grant = Grant.refreshing(found.orElseThrow());
            return storage.unitOfWork(grant.attempt())
                    .rotate(digest, grant.refresh(), Grace.NONE)
                    .insert(grant.access())
                    .insert(grant.entry())
                    .commit(ray)
                    .thenAccept(outcome -> {
                        requireCommitted(outcome);
                        supplies.refreshTokens().put(new RefreshTokens.Waiting(grant.refreshValue(), token.client()));
                    });
        });
    }

    private static void requireCommitted(UnitOutcome outcome) {
        if (!outcome.committed()) {
            throw new IllegalStateException("a measured unit was refused: " + outcome);
        }
    }
}
