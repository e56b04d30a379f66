package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.store.Storage;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;

/** Many callers and one connection for reads and writes: none waits for what another one holds while it waits. */
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OneConnectionTest {

    private static final int CALLERS = 64;
    private static final int GRANTS = 5;

    @Test
    void sixtyFourCallersMakeProgress() throws Exception {
        String url = TestEngine.POSTGRESQL.newUrl();
        Storage.runMigrations(url);
        AtomicInteger active = new AtomicInteger();
        try (TestServer server = TestServer.rotating(Storage.open(url + "&connections=1&readers=1"))) {
            List<Integer> done = Racers.race(CALLERS, null, () -> {
                for (int i = 0; i < GRANTS; i++) {
                    OAuth2AccessTokenAuthenticationToken first = server.redeem(server.code());
                    OAuth2AccessTokenAuthenticationToken second = server.refresh(TestServer.refreshTokenOf(first));
                    if (server.isActive(TestServer.accessTokenOf(second))) {
                        active.incrementAndGet();
                    }
                }
                return GRANTS;
            });
            assertThat(done).hasSize(CALLERS);
            assertThat(active).hasValue(CALLERS * GRANTS);
        }
    }
}
