package io.qscope.bench.side;

import io.qscope.bench.data.DataSet;
import io.qscope.spring.QscopeAuthorizationService;
import io.qscope.spring.QscopeRegisteredClientRepository;
import io.qscope.spring.StorageAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/** Spring Authorization Server on qscope, by its adapter. Rows are saved by the adapter too, beside those that are there. */
public final class SpringOnQscope extends SpringStorage {

    /** Saved one by one, more would take minutes. */
    private static final int MOST_ROWS = 100_000;

    private static final int SAVING_THREADS = 64;

    private final QscopeAuthorizationService authorizations;
    private final RegisteredClient client;

    private SpringOnQscope(QscopeAuthorizationService authorizations, RegisteredClient client, int rows) {
        super(authorizations, rows);
        this.authorizations = authorizations;
        this.client = client;
    }

    /**
     * With as many authorizations as there are access tokens, at most 100,000, of which access tokens are looked up, and some for
     * refreshing.
     */
    public static SpringOnQscope on(DataSet data) throws Exception {
        StorageAccess access = StorageAccess.to(data.storage());
        QscopeRegisteredClientRepository clients = new QscopeRegisteredClientRepository(access);
        RegisteredClient client = newClient();
        clients.save(client);
        int rows = Math.min(data.sample().rows(), MOST_ROWS);
        SpringOnQscope spring = new SpringOnQscope(new QscopeAuthorizationService(access, clients), client, rows);
        long families = families(rows);
        spring.saveEach(0, rows + families, spring::family);
        spring.refreshFrom(rows, families);
        return spring;
    }

    private OAuth2Authorization family(long n) {
        OAuth2Authorization unredeemed = unredeemed(client, id(), "user-" + n, usedCodeValue(n));
        OAuth2AuthorizationCode code = Objects.requireNonNull(unredeemed.getToken(OAuth2AuthorizationCode.class))
                .getToken();
        return redeemed(unredeemed, code, accessToken(accessValue(n)), refreshToken(refreshValue(n)));
    }

    @Override
    RegisteredClient client() {
        return client;
    }

    @Override
    void addCodes(long first, long count) throws Exception {
        saveEach(first, count, n -> unredeemed(client, id(), "user-" + n, codeValue(n)));
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    private void saveEach(long first, long count, LongFunction<OAuth2Authorization> each) throws Exception {
        AtomicLong next = new AtomicLong(first);
        Callable<Void> saving = () -> {
            for (long n = next.getAndIncrement(); n < first + count; n = next.getAndIncrement()) {
                authorizations.save(each.apply(n));
            }
            return null;
        };
        List<Future<Void>> all = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(SAVING_THREADS);
        try {
            for (int i = 0; i < SAVING_THREADS; i++) {
                all.add(threads.submit(saving));
            }
            for (Future<Void> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** The storage is not its own. */
    @Override
    public void close() {}
}
