package io.qscope.service;

import static io.qscope.service.Deployment.USER;
import static io.qscope.service.Deployment.codeRequest;
import static io.qscope.service.Deployment.credentials;
import static io.qscope.service.Deployment.done;
import static io.qscope.service.Deployment.join;
import static io.qscope.service.Deployment.redemption;
import static io.qscope.service.Deployment.refreshToken;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.memory.MemoryStorage;
import io.qscope.model.OAuthClient;
import io.qscope.result.FailedResult;
import io.qscope.result.Result;
import io.qscope.store.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No plain text of a secret is in the database file, its log, the output, an answer or an exception: the bytes are searched. */
class SecrecyTest {

    private final Map<String, String> secrets = new LinkedHashMap<>();
    private final List<String> said = new ArrayList<>();

    @Test
    void noSecretIsFoundInAnyByteThatIsWritten() throws Exception {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Listener listener = new Listener();
        Logger root = LogManager.getLogManager().getLogger("");
        root.addHandler(listener);
        Level before = root.getLevel();
        root.setLevel(Level.ALL);
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (Deployment deployment = Deployment.on(Engine.SQLITE)) {
            play(deployment);
            byte[] open = files(deployment.folder);
            assertNotIn(open, "the database's files while it is open");
            assertThat(new String(open, StandardCharsets.ISO_8859_1))
                    .as("what is no secret is found, so the search works")
                    .contains(USER, Deployment.REDIRECT_URI);
            failAll(deployment);
            deployment.storage.close();
            assertNotIn(files(deployment.folder), "the database's files");
        } finally {
            System.setOut(out);
            System.setErr(err);
            root.setLevel(before);
            root.removeHandler(listener);
        }
        assertNotIn(printed.toByteArray(), "the output");
        assertNotIn(listener.all().getBytes(StandardCharsets.UTF_8), "the log");
        assertNotIn(String.join("\n", said).getBytes(StandardCharsets.UTF_8), "answers and exceptions");
    }

    /** Every flow, with every secret noted. */
    private void play(Deployment deployment) {
        OAuthServices services = deployment.services;
        secrets.put("throttle key", "203.0.113.77-a-throttle-key");
        secrets.put("client secret", Deployment.SECRET);
        OAuthClient client = deployment.client();
        RegisteredClient registered = success(services.clients()
                .register(
                        ClientRegistration.builder()
                                .redirectUris(List.of(Deployment.REDIRECT_URI))
                                .grantTypes(Set.of("authorization_code"))
                                .build(),
                        "operator",
                        deployment.ray));
        secrets.put("generated client secret", String.valueOf(registered.secret()));
        say(registered);
        secrets.put("chosen client secret", "a-secret-that-a-person-chose-for-tests");
        say(join(services.clients()
                .rotateSecret(
                        registered.client().clientIdentifier(),
                        secrets.get("chosen client secret"),
                        null,
                        "operator",
                        deployment.ray)));
        say(join(services.clients()
                .authenticate(
                        ClientCredentials.secret(
                                registered.client().clientIdentifier(), secrets.get("chosen client secret")),
                        deployment.ray)));

        IssuedCode code = success(services.codes().issue(codeRequest(client).build(), deployment.ray));
        secrets.put("code", code.code());
        secrets.put("verifier", Deployment.VERIFIER);
        say(code);
        CodeRedemption redemption = redemption(code);
        say(redemption);
        IssuedTokens tokens = success(services.codes().redeem(credentials(client), redemption, deployment.ray));
        note("redeemed", tokens);
        IssuedTokens refreshed =
                success(services.tokens().refresh(credentials(client), refreshToken(tokens), null, deployment.ray));
        note("refreshed", refreshed);
        note(
                "client's",
                success(services.tokens().clientCredentials(credentials(client), null, Map.of(), deployment.ray)));

        DeviceAuthorization device = success(services.devices().authorize(credentials(client), null, deployment.ray));
        say(device);
        secrets.put("device code", device.deviceCode());
        secrets.put("user code", device.userCode());
        secrets.put("user code without its dash", device.userCode().replace("-", ""));
        String throttle = secrets.get("throttle key");
        say(join(services.userCodes().find("BBBB-BBBB", throttle, deployment.ray)));
        done(services.userCodes().approve(device.userCode(), USER, throttle, deployment.ray));
        note("device's", success(services.devices().redeem(credentials(client), device.deviceCode(), deployment.ray)));
        secrets.put("key ring", deployment.keys.get().toText().strip().substring("first ".length()));
        say(deployment.keys.get());
        say(join(services.tokens().refresh(credentials(client), refreshToken(tokens), null, deployment.ray)));
        done(services.tokens().revoke(credentials(client), refreshed.accessToken(), null, deployment.ray));
    }

    private void note(String whose, IssuedTokens tokens) {
        say(tokens);
        secrets.put(whose + " access token", tokens.accessToken());
        if (tokens.refreshToken() != null) {
            secrets.put(whose + " refresh token", tokens.refreshToken());
        }
    }

    /** Each secret, presented to a storage that knows the client and fails at everything else: the exceptions are searched too. */
    private void failAll(Deployment deployment) {
        deployment.storage.close();
        try (Storage open = MemoryStorage.open();
                OAuthServices services = OAuthServices.builder(
                                clientsOf(open, deployment.storage), deployment.keys::get)
                        .clock(deployment.clock)
                        .build()) {
            OAuthClient client = deployment.row(row -> row, config -> config);
            join(open.clients().insert(client, deployment.ray));
            for (String secret : List.copyOf(secrets.values())) {
                ClientCredentials credentials = credentials(client);
                failed(services.codes()
                        .redeem(credentials, new CodeRedemption(secret, secret, secret), deployment.ray));
                failed(services.tokens().refresh(credentials, secret, null, deployment.ray));
                failed(services.tokens().introspect(credentials, secret, null, deployment.ray));
                failed(services.tokens().revoke(credentials, secret, null, deployment.ray));
                failed(services.devices().redeem(credentials, secret, deployment.ray));
                failed(services.userCodes().find(secret, secret, deployment.ray));
                failed(services.operator().inspect(secret, deployment.ray));
            }
        }
    }

    private static Storage clientsOf(Storage clients, Storage others) {
        return (Storage) Proxy.newProxyInstance(
                Storage.class.getClassLoader(),
                new Class<?>[] {Storage.class},
                (self, method, arguments) ->
                        method.invoke(method.getName().equals("clients") ? clients : others, arguments));
    }

    private void failed(CompletableFuture<?> call) {
        try {
            Object value = join(call);
            throw new AssertionError("a closed storage answered " + value);
        } catch (RuntimeException thrown) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace, true));
            said.add(trace.toString());
        }
    }

    private void say(Object anything) {
        said.add(String.valueOf(anything));
    }

    private <T> void say(Result<T> result) {
        said.add(result instanceof FailedResult<T> failed ? failed.clientMessage() + failed : result.toString());
    }

    private static byte[] files(Path folder) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                // Java's own reading drops SQLite's locks; nobody else has this file open, and nothing is written after
                // it.
                all.write(Files.readAllBytes(file));
            }
        }
        assertThat(all.size()).isPositive();
        return all.toByteArray();
    }

    private void assertNotIn(byte[] bytes, String where) {
        String searched = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(secrets).hasSizeGreaterThan(12);
        secrets.forEach((name, secret) -> assertThat(searched.contains(secret))
                .as("%s in %s", name, where)
                .isFalse());
    }

    private static final class Listener extends Handler {

        private final StringBuilder lines = new StringBuilder();
        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public synchronized void publish(LogRecord record) {
            lines.append(formatter.format(record));
        }

        synchronized String all() {
            return lines.toString();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
