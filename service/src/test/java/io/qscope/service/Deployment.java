package io.qscope.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditEvent;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.memory.MemoryStorage;
import io.qscope.model.AuditLog;
import io.qscope.model.ClientConfig;
import io.qscope.model.ClientConfigBuilder;
import io.qscope.model.EncodedSecret;
import io.qscope.model.Limits;
import io.qscope.model.OAuthClient;
import io.qscope.model.OAuthClientBuilder;
import io.qscope.model.RayId;
import io.qscope.model.RowIds;
import io.qscope.model.TokenDigest;
import io.qscope.result.FailedResult;
import io.qscope.result.Result;
import io.qscope.result.SuccessResult;
import io.qscope.sqlite.SqliteStorage;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import io.qscope.store.Storage;
import io.qscope.store.StorageOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A storage with services over it, a clock that the test moves and a key ring that it may rotate. */
final class Deployment implements AutoCloseable {

    static final String SECRET = "a-secret-of-the-tests-for-client-authentication";
    static final String REDIRECT_URI = "https://client.example/callback";
    static final String USER = "alice";
    static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"; // RFC 7636 appendix B
    static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private static final Set<String> CHAINING = Set.of(AuditEvent.CHAIN_OPENED.type(), AuditEvent.CHAIN_CLOSED.type());

    final MovableClock clock = new MovableClock();
    final AtomicReference<KeyRing> keys;
    final Storage storage;
    final OAuthServices services;
    final RayId ray = RayId.random();
    final Path folder;

    private Deployment(Storage storage, AtomicReference<KeyRing> keys, Path folder, ServicePolicy policy) {
        this.storage = storage;
        this.keys = keys;
        this.folder = folder;
        this.services = OAuthServices.builder(storage, keys::get)
                .clock(clock)
                .policy(policy)
                .build();
    }

    static Deployment on(Engine engine) {
        return on(engine, ServicePolicy.defaults());
    }

    static Deployment on(Engine engine, ServicePolicy policy) {
        try {
            Path folder = Files.createTempDirectory("qscope-service");
            AtomicReference<KeyRing> keys = new AtomicReference<>(KeyRing.of(Key.generate("first")));
            Storage storage = switch (engine) {
                case MEMORY -> MemoryStorage.open(StorageOptions.with(keys::get));
                case SQLITE ->
                    SqliteStorage.builder(folder.resolve("qscope.db"))
                            .keys(keys::get)
                            .open();
            };
            return new Deployment(storage, keys, folder, policy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Other services on the same storage, with another policy. */
    OAuthServices services(ServicePolicy policy) {
        return OAuthServices.builder(storage, keys::get)
                .clock(clock)
                .policy(policy)
                .build();
    }

    /** A confidential client that may do everything, as stored. */
    OAuthClient client() {
        return client(row -> row, config -> config);
    }

    /** A public client that may do everything but client credentials. */
    OAuthClient publicClient() {
        return client(row -> row.isConfidential(false).clientSecret(null), config -> config);
    }

    OAuthClient client(UnaryOperator<OAuthClientBuilder> row, UnaryOperator<ClientConfigBuilder> config) {
        OAuthClient client = row(row, config);
        join(storage.clients().insert(client, ray));
        return client;
    }

    /** A client that is not stored. */
    OAuthClient row(UnaryOperator<OAuthClientBuilder> row, UnaryOperator<ClientConfigBuilder> config) {
        String id = RowIds.next();
        ClientConfig built = config.apply(ClientConfig.builder()
                        .refreshTokenTtl(Duration.ofDays(30))
                        .deviceCodeTtl(Duration.ofMinutes(10)))
                .build();
        return row.apply(OAuthClient.builder()
                        .id(id)
                        .clientIdentifier("client-" + id)
                        .clientSecret(new EncodedSecret("{sha256}"
                                + HexFormat.of()
                                        .formatHex(TokenDigest.sha256(SECRET).bytes())))
                        .isConfidential(true)
                        .redirectUris(List.of(REDIRECT_URI))
                        .grantTypes(Set.of(
                                GrantType.AUTHORIZATION_CODE.value(),
                                GrantType.REFRESH_TOKEN.value(),
                                GrantType.CLIENT_CREDENTIALS.value(),
                                GrantType.DEVICE_CODE.value()))
                        .scopes(Set.of("read", "write"))
                        .config(built)
                        .createdAt(clock.instant())
                        .createdBy("test"))
                .build();
    }

    /** The credentials of a client made here. */
    static ClientCredentials credentials(OAuthClient client) {
        return client.isConfidential()
                ? ClientCredentials.secret(client.clientIdentifier(), SECRET)
                : ClientCredentials.none(client.clientIdentifier());
    }

    /** A request that passes every check. */
    static CodeRequestBuilder codeRequest(OAuthClient client) {
        return CodeRequest.builder()
                .clientIdentifier(client.clientIdentifier())
                .redirectUri(REDIRECT_URI)
                .userId(USER)
                .scopes(Set.of("read", "write"))
                .codeChallenge(CHALLENGE)
                .codeChallengeMethod("S256");
    }

    IssuedCode code(OAuthClient client) {
        return success(services.codes().issue(codeRequest(client).build(), ray));
    }

    static CodeRedemption redemption(IssuedCode code) {
        return new CodeRedemption(code.code(), REDIRECT_URI, VERIFIER);
    }

    /** The tokens of a new family. */
    IssuedTokens tokens(OAuthClient client) {
        return success(services.codes().redeem(credentials(client), redemption(code(client)), ray));
    }

    /** The refresh token of tokens that have one. */
    static String refreshToken(IssuedTokens tokens) {
        return Objects.requireNonNull(tokens.refreshToken());
    }

    boolean isActive(OAuthClient asking, String token) {
        return success(services.tokens().introspect(credentials(asking), token, null, ray))
                .active();
    }

    /** The audit entries of that event for that subject. */
    List<AuditLog> entries(AuditEvent event, String subject) {
        return entries().stream()
                .filter(entry -> entry.eventType().equals(event.type()) && subject.equals(entry.subject()))
                .toList();
    }

    /** All audit entries but those that the chain itself brings. */
    List<AuditLog> entries() {
        List<AuditLog> all = new ArrayList<>();
        Optional<Page> page = Optional.of(Page.first(Page.MOST));
        while (page.isPresent()) {
            Slice<AuditLog> slice = join(storage.auditLog().page(Limits.EARLIEST, Limits.LATEST, page.get(), ray));
            slice.rows().stream()
                    .filter(entry -> !CHAINING.contains(entry.eventType()))
                    .forEach(all::add);
            page = slice.nextPage(Page.MOST);
        }
        return all;
    }

    static <T> T join(CompletableFuture<T> future) {
        return future.orTimeout(30, TimeUnit.SECONDS).join();
    }

    static <T> T success(CompletableFuture<Result<T>> answer) {
        Result<T> result = join(answer);
        assertThat(result).isInstanceOf(SuccessResult.class);
        return Objects.requireNonNull(((SuccessResult<T>) result).value());
    }

    /** That it succeeded, where there is nothing to return. */
    static void done(CompletableFuture<Result<Void>> answer) {
        assertThat(join(answer)).isInstanceOf(SuccessResult.class);
    }

    /** That it was refused with this error. */
    static <T> FailedResult<T> refused(CompletableFuture<Result<T>> answer, ServiceError error) {
        Result<T> result = join(answer);
        assertThat(result)
                .isInstanceOfSatisfying(
                        FailedResult.class,
                        failed -> assertThat(failed.errorCode())
                                .as(failed.clientMessage())
                                .isEqualTo(error.code()));
        return (FailedResult<T>) result;
    }

    @Override
    public void close() {
        services.close();
        storage.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
