package io.qscope.service;

import static io.qscope.service.Deployment.join;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qscope.model.EncodedSecret;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.result.Result;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** Where a client's secret must not be found: in the database's files, the audit log, an answer, a text or an exception. */
class ClientSecrecyTest {

    private static final String CHOSEN = "registered-secret-zD1tQ";
    private static final String CHOSEN_LATER = "rotated-secret-9fKcW";
    private static final String MIGRATED = "migrated-secret-Yx3mB";
    private static final String WRONG = "guessed-secret-p0Lq7";
    private static final String TOO_SHORT = "short-h2Vn";
    private static final Duration DAY = Duration.ofDays(1);

    private Deployment deployment;
    private ClientService clients;
    private RayId ray;

    private final List<String> secrets = new ArrayList<>(List.of(CHOSEN, CHOSEN_LATER, MIGRATED, WRONG, TOO_SHORT));
    private final List<String> texts = new ArrayList<>();

    @BeforeEach
    void open() {
        deployment = Deployment.on(Engine.SQLITE);
        clients = deployment.services.clients();
        ray = deployment.ray;
    }

    @AfterEach
    void close() {
        deployment.close();
    }

    private <T> Result<T> told(CompletableFuture<Result<T>> answer) {
        Result<T> result = join(answer);
        texts.add(result.toString());
        return result;
    }

    private RegisteredClient shown(CompletableFuture<Result<RegisteredClient>> answer) {
        told(answer);
        RegisteredClient registered = success(answer);
        texts.add(registered.toString());
        texts.add(registered.client().toString());
        if (registered.secret() != null) {
            secrets.add(registered.secret());
        }
        return registered;
    }

    private void presented(String clientIdentifier, String secret) {
        ClientCredentials credentials = ClientCredentials.secret(clientIdentifier, secret);
        texts.add(credentials.toString());
        told(clients.authenticate(credentials, ray));
    }

    /** As somebody would log it, whatever it is. */
    private static String textOf(Object any) {
        return any.toString();
    }

    /** Everything that is done with secrets. */
    private void live() {
        ClientRegistration registration = ClientRegistration.builder()
                .clientIdentifier("app-one")
                .chosenSecret(CHOSEN)
                .build();
        texts.add(registration.toString());
        texts.add(textOf(ClientRegistration.builder().chosenSecret(CHOSEN)));
        shown(clients.register(registration, "operator", ray));
        told(clients.register(registration, "operator", ray)); // taken
        told(clients.register(
                ClientRegistration.builder().chosenSecret(TOO_SHORT).build(), "operator", ray));
        presented("app-one", CHOSEN);
        presented("app-one", WRONG);
        presented("no-such-client", WRONG);
        shown(clients.rotateSecret("app-one", CHOSEN_LATER, DAY, "operator", ray));
        shown(clients.rotateSecret("app-one", null, DAY, "operator", ray));
        presented("app-one", CHOSEN_LATER);
        RegisteredClient generated = shown(clients.register(
                ClientRegistration.builder().clientIdentifier("app-two").build(), "operator", ray));
        presented("app-two", Objects.requireNonNull(generated.secret()));
        shown(clients.rotateSecret("app-two", null, null, "operator", ray));
        OAuthClient migrated = deployment.client(
                row -> row.clientSecret(new EncodedSecret("{bcrypt}" + new BCryptPasswordEncoder(4).encode(MIGRATED))),
                config -> config);
        presented(migrated.clientIdentifier(), MIGRATED);
        told(clients.get("app-one", ray));
    }

    @Test
    void noTextAndNoAuditEntryHoldsASecret() {
        live();
        deployment.entries().forEach(entry -> texts.add(entry.toString()));
        assertThat(deployment.entries()).hasSize(6);
        assertThat(secrets).hasSize(8).doesNotHaveDuplicates();
        for (String secret : secrets) {
            assertThat(texts).noneMatch(text -> text.contains(secret));
        }
    }

    @Test
    void noFileOfTheDatabaseHoldsASecret() throws IOException {
        live();
        // A second name for the log, which SQLite deletes when it closes; not opened before that.
        Path log = deployment.folder.resolve("kept-wal");
        Files.createLink(log, deployment.folder.resolve("qscope.db-wal"));
        deployment.services.close();
        deployment.storage.close();

        byte[] database = Files.readAllBytes(deployment.folder.resolve("qscope.db"));
        byte[] writeAheadLog = Files.readAllBytes(log);
        assertThat(contains(database, "app-one")).isTrue();
        assertThat(contains(writeAheadLog, "app-one")).isTrue();
        assertThat(contains(database, "{argon2id}$argon2id$")).isTrue();
        for (String secret : secrets) {
            assertThat(contains(database, secret)).isFalse();
            assertThat(contains(writeAheadLog, secret)).isFalse();
        }
    }

    @Test
    void noExceptionHoldsASecret() {
        ClientRegistration registration =
                ClientRegistration.builder().chosenSecret(CHOSEN).build();
        shown(clients.register(
                ClientRegistration.builder().clientIdentifier("app-one").build(), "operator", ray));
        deployment.storage.close();
        List<CompletableFuture<?>> failing = List.of(
                clients.register(registration, "operator", ray),
                clients.rotateSecret("app-one", CHOSEN_LATER, null, "operator", ray),
                clients.authenticate(ClientCredentials.secret("app-one", secrets.get(secrets.size() - 1)), ray));
        for (CompletableFuture<?> call : failing) {
            assertThatThrownBy(() -> join(call)).satisfies(thrown -> {
                StringWriter trace = new StringWriter();
                thrown.printStackTrace(new PrintWriter(trace));
                for (String secret : secrets) {
                    assertThat(trace.toString()).doesNotContain(secret);
                }
            });
        }
    }

    private static boolean contains(byte[] file, String text) {
        // Latin-1 maps each byte to one character, and the secrets are ASCII.
        return new String(file, StandardCharsets.ISO_8859_1).contains(text);
    }
}
