package io.qscope.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.memory.MemoryStorage;
import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.Samples;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.BaseTable;
import io.qscope.store.StorageCorruptedException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The specification's wrapped form, over a real table. */
class ResultTableTest {

    private static final RayId RAY = new RayId("ray-1");

    private final MemoryStorage storage = MemoryStorage.open();
    private final ResultTable<OAuthClient> clients = ResultTable.of(storage.clients());
    private final ResultTable<AccessToken> tokens = ResultTable.of(storage.accessTokens());
    private final OAuthClient client = Samples.client();

    @AfterEach
    void close() {
        storage.close();
    }

    @Test
    void lifeOfARow() {
        assertThat(clients.insert(client, RAY).join()).isEqualTo(new SuccessResult<>(null, 201, RAY));
        assertThat(clients.getById(client.id(), RAY).join()).isEqualTo(new SuccessResult<>(client, 200, RAY));
        assertThat(clients.update(client, RAY).join()).isEqualTo(new SuccessResult<>(null, 204, RAY));
        assertThat(clients.deleteById(client.id(), RAY).join()).isEqualTo(new SuccessResult<>(null, 204, RAY));
        assertFailed(clients.getById(client.id(), RAY), 404, "NOT_FOUND");
    }

    @Test
    void duplicate() {
        clients.insert(client, RAY).join();
        assertFailed(clients.insert(client, RAY), 409, "DUPLICATE");
    }

    @Test
    void notFound() {
        assertFailed(clients.update(client, RAY), 404, "NOT_FOUND");
    }

    @Test
    void stale() {
        clients.insert(client, RAY).join();
        clients.update(client, RAY).join();
        assertFailed(clients.update(client, RAY), 409, "STALE");
    }

    @Test
    void missingReference() {
        assertFailed(tokens.insert(Samples.accessToken(), RAY), 409, "MISSING_REFERENCE");
    }

    @Test
    void revoked() {
        clients.insert(client, RAY).join();
        Authorization root = Samples.authorization().toBuilder()
                .clientId(client.id())
                .revokedAt(null)
                .build();
        storage.authorizations().insert(root, RAY).join();
        storage.authorizations()
                .revoke(root.id(), Attempt.of(Samples.T0, "test"), RAY)
                .join();
        AccessToken token = Samples.accessToken().toBuilder()
                .clientId(client.id())
                .authorizationId(root.id())
                .build();
        assertFailed(tokens.insert(token, RAY), 409, "REVOKED");
    }

    @Test
    void invalid() {
        clients.insert(client, RAY).join();
        AccessToken token = Samples.accessToken().toBuilder()
                .clientId(client.id())
                .authorizationId(null)
                .build();
        tokens.insert(token, RAY).join();
        AccessToken another =
                token.toBuilder().token(TokenDigest.sha256("another")).build();
        assertFailed(tokens.update(another, RAY), 400, "INVALID");
    }

    @Test
    void appendOnly() {
        ResultTable<AuditLog> auditLog = ResultTable.of(storage.auditLog());
        assertThat(auditLog.insert(Samples.auditLog(), RAY).join().status()).isEqualTo(201);
        assertFailed(auditLog.update(Samples.auditLog(), RAY), 405, "APPEND_ONLY");
        assertFailed(auditLog.deleteById("x", RAY), 405, "APPEND_ONLY");
    }

    @Test
    void unavailable() {
        storage.close();
        assertFailed(clients.insert(client, RAY), 503, "UNAVAILABLE");
        assertFailed(clients.getById("x", RAY), 503, "UNAVAILABLE");
        assertFailed(clients.update(client, RAY), 503, "UNAVAILABLE");
        assertFailed(clients.deleteById("x", RAY), 503, "UNAVAILABLE");
    }

    @Test
    void whateverElseBreaksHasTheNameOfTheCall() {
        ResultTable<OAuthClient> broken = ResultTable.of(new Broken());
        assertFailed(broken.insert(client, RAY), 500, "INSERT_FAILED");
        assertFailed(broken.getById("x", RAY), 500, "GET_FAILED");
        assertFailed(broken.update(client, RAY), 500, "UPDATE_FAILED");
        assertFailed(broken.deleteById("x", RAY), 500, "DELETE_FAILED");
    }

    private static void assertFailed(CompletableFuture<? extends Result<?>> call, int status, String errorCode) {
        Result<?> result = call.join();
        assertThat(result).isInstanceOfSatisfying(FailedResult.class, failed -> {
            assertThat(failed.status()).isEqualTo(status);
            assertThat(failed.errorCode()).isEqualTo(errorCode);
            assertThat(failed.rayId()).isEqualTo(RAY);
            assertThat(failed.clientMessage()).isNotBlank().doesNotContain("oauth_", "disk");
        });
    }

    /** A table on a disk that has gone bad. */
    private static final class Broken implements BaseTable<OAuthClient> {

        private static <T> CompletableFuture<T> fail() {
            return CompletableFuture.failedFuture(new StorageCorruptedException("the disk has gone bad", RAY));
        }

        @Override
        public CompletableFuture<Void> insert(OAuthClient row, RayId rayId) {
            return fail();
        }

        @Override
        public CompletableFuture<Optional<OAuthClient>> getById(String id, RayId rayId) {
            return fail();
        }

        @Override
        public CompletableFuture<Void> update(OAuthClient row, RayId rayId) {
            return fail();
        }

        @Override
        public CompletableFuture<Void> deleteById(String id, RayId rayId) {
            return fail();
        }
    }
}
