package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.RowNotFoundException;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.TableName;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Waiting for a storage. */
class StorageAccessTest {

    private final Storage storage = Storage.open("memory:");
    private final StorageAccess access = StorageAccess.to(storage).withTimeout(Duration.ofMillis(50));

    @Test
    void answerIsReturnedAndTheRayIsPassedOn() {
        RayId ray = RayId.random();
        RayId passedOn = access.withRays(() -> ray).call(CompletableFuture::completedFuture);
        assertThat(passedOn).isEqualTo(ray);
        Optional<OAuthClient> none = access.call(each -> storage.clients().getById("none", each));
        assertThat(none).isEmpty();
    }

    @Test
    void whatTheContractSaysIsThrownAsItIs() {
        RowNotFoundException gone = new RowNotFoundException(TableName.CLIENTS, "x", RayId.random());
        assertThatExceptionOfType(RowNotFoundException.class)
                .isThrownBy(() -> access.call(ray -> CompletableFuture.failedFuture(gone)))
                .isSameAs(gone);
    }

    @Test
    void closedStorageIsUnavailable() {
        storage.close();
        assertThatExceptionOfType(TemporarilyUnavailableException.class)
                .isThrownBy(() -> access.call(ray -> storage.clients().getById("x", ray)))
                .withCauseInstanceOf(StorageUnavailableException.class)
                .satisfies(e -> assertThat(e.outcomeUnknown()).isFalse())
                .satisfies(e -> assertThat(e.getError().getErrorCode()).isEqualTo("temporarily_unavailable"))
                .satisfies(e -> assertThat(e.getError().getDescription()).doesNotContain("storage"));
    }

    @Test
    void waitIsBoundedAndThenTheOutcomeIsUnknown() {
        assertThatExceptionOfType(TemporarilyUnavailableException.class)
                .isThrownBy(() -> access.call(ray -> new CompletableFuture<>()))
                .satisfies(e -> assertThat(e.outcomeUnknown()).isTrue());
        assertThatIllegalArgumentException().isThrownBy(() -> access.withTimeout(Duration.ZERO));
    }

    @Test
    void interruptedThreadStaysInterrupted() {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(TemporarilyUnavailableException.class)
                .isThrownBy(() -> access.call(ray -> new CompletableFuture<>()));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void requestIsMarkedByACallAndNotByAProbe() {
        storage.close();
        UnavailableRequests.begin();
        try {
            assertThatExceptionOfType(TemporarilyUnavailableException.class)
                    .isThrownBy(() -> access.probe(storage::health));
            assertThat(UnavailableRequests.noted()).isFalse();
            assertThatExceptionOfType(TemporarilyUnavailableException.class)
                    .isThrownBy(() -> access.call(storage::health));
            assertThat(UnavailableRequests.noted()).isTrue();
        } finally {
            UnavailableRequests.end();
        }
        assertThat(UnavailableRequests.noted()).isFalse();
    }
}
