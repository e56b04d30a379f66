package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.RayId;
import io.qscope.result.Result;
import io.qscope.result.SuccessResult;
import io.qscope.service.ClientCredentials;
import io.qscope.service.ClientRegistration;
import io.qscope.service.CodeRedemption;
import io.qscope.service.CodeRequest;
import io.qscope.service.IssuedCode;
import io.qscope.service.IssuedTokens;
import io.qscope.service.OAuthServices;
import io.qscope.service.RegisteredClient;
import io.qscope.store.Storage;
import io.qscope.store.StorageOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The commands that look at what a server has issued, and end it, each as a process on the server's own database. */
final class OperatorCommandsTest {

    private static final String CALLBACK = "https://app.example/callback";
    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"; // RFC 7636 appendix B
    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    private static final RayId RAY = new RayId("a-request-of-the-server");

    @TempDir
    private Path folder;

    private Commands qscope;
    private IssuedTokens alices;
    private IssuedTokens bobs;
    private String unused;

    /** What a server would have done. */
    @BeforeEach
    void issue() {
        qscope = new Commands(folder);
        try (Storage storage =
                        Storage.open("sqlite:" + folder.resolve("qscope.db"), StorageOptions.with(Finished.KEYS));
                OAuthServices services =
                        OAuthServices.builder(storage, Finished.KEYS).build()) {
            RegisteredClient app = value(services.clients()
                    .register(
                            ClientRegistration.builder()
                                    .clientIdentifier("app")
                                    .redirectUris(List.of(CALLBACK))
                                    .grantTypes(Set.of("authorization_code", "refresh_token"))
                                    .scopes(Set.of("read"))
                                    .build(),
                            "server",
                            RAY));
            ClientCredentials credentials = ClientCredentials.secret("app", Objects.requireNonNull(app.secret()));
            alices = value(services.codes().redeem(credentials, redemption(code(services, "alice")), RAY));
            bobs = value(services.codes().redeem(credentials, redemption(code(services, "bob")), RAY));
            unused = code(services, "alice").code();
        }
    }

    private static IssuedCode code(OAuthServices services, String user) {
        return value(services.codes()
                .issue(
                        CodeRequest.builder()
                                .clientIdentifier("app")
                                .redirectUri(CALLBACK)
                                .userId(user)
                                .codeChallenge(CHALLENGE)
                                .codeChallengeMethod("S256")
                                .build(),
                        RAY));
    }

    private static CodeRedemption redemption(IssuedCode code) {
        return new CodeRedemption(code.code(), CALLBACK, VERIFIER);
    }

    private static <T> T value(CompletableFuture<Result<T>> answer) {
        return Objects.requireNonNull(((SuccessResult<T>) answer.join()).value());
    }

    private static String refreshToken(IssuedTokens tokens) {
        return Objects.requireNonNull(tokens.refreshToken());
    }

    private JsonNode inspect(String token) {
        Finished inspected = qscope.given(token + "\n", "token inspect --json");
        assertThat(inspected.out() + inspected.err()).doesNotContain(token);
        return Commands.json(inspected);
    }

    @Test
    void tokensAreInspectedAndRevokedFromTheStandardInput() {
        JsonNode access = inspect(alices.accessToken());
        assertThat(access.path("kind").asString()).isEqualTo("access_token");
        assertThat(access.path("live").asBoolean()).isTrue();
        assertThat(access.path("client_id").asString()).isEqualTo("app");
        assertThat(access.path("user_id").asString()).isEqualTo("alice");
        assertThat(access.path("authorization_id").asString()).isEqualTo(alices.authorizationId());
        assertThat(inspect(unused).path("kind").asString()).isEqualTo("authorization_code");

        assertThat(qscope.given(alices.accessToken(), "token revoke").code()).isZero();
        assertThat(inspect(alices.accessToken()).path("live").asBoolean()).isFalse();
        JsonNode refresh = inspect(refreshToken(alices));
        assertThat(refresh.path("kind").asString()).isEqualTo("refresh_token");
        assertThat(refresh.path("live").asBoolean()).isTrue();
        assertThat(qscope.given(refreshToken(alices), "token revoke").code()).isZero();
        assertThat(inspect(refreshToken(alices)).path("live").asBoolean()).isFalse();

        qscope.given("nonsense", "token revoke").failedInOneLine(ExitCode.REFUSED, "NOT_FOUND");
        qscope.given("", "token inspect").failedWithUsage("standard input");
        for (String argument :
                List.of(bobs.accessToken(), "--token " + bobs.accessToken(), "--token=" + bobs.accessToken())) {
            Finished refused = qscope.run(Map.of("QSCOPE_DEBUG", "1"), "token inspect " + argument);
            refused.failedWithUsage("argument 3", "may be a secret");
            assertThat(refused.err()).doesNotContain(bobs.accessToken());
        }
    }

    @Test
    void usersAreShownRevokedAndErased() {
        assertThat(Commands.texts(qscope.json("user show alice"), "live")).containsExactly("true", "true");
        qscope.run("user revoke alice").failedWithUsage("Nothing was done");
        assertThat(inspect(alices.accessToken()).path("live").asBoolean()).isTrue();
        assertThat(qscope.json("user revoke alice --yes").path("authorizations").asInt())
                .isEqualTo(2);
        assertThat(inspect(alices.accessToken()).path("live").asBoolean()).isFalse();
        assertThat(Commands.texts(qscope.json("user show alice"), "live")).containsExactly("false", "false");
        assertThat(inspect(bobs.accessToken()).path("live").asBoolean()).isTrue();

        qscope.run("user erase alice").failedWithUsage("Nothing was done");
        assertThat(qscope.json("user erase alice --yes").path("deleted").asInt())
                .isEqualTo(2);
        assertThat(qscope.json("user show alice")).isEmpty();
        qscope.given(alices.accessToken(), "token inspect").failedInOneLine(ExitCode.REFUSED, "NOT_FOUND");
        // What happened to her is found by who knows her name and has the key ring.
        assertThat(Commands.lines(qscope.run("audit tail --user alice -n 100 --json")))
                .extracting(entry -> entry.path("event_type").asString())
                .contains("code.redeemed", "user.revoked", "user.erased");
        assertThat(qscope.run("audit export").out()).doesNotContain("alice").contains("person:of-the-tests:");
    }

    @Test
    void whatWasGrantedToAClientIsListedAndRevoked() {
        assertThat(Commands.texts(qscope.json("authorization list --client app"), "user_id"))
                .containsExactly("alice", "bob", "alice");
        Finished cut = qscope.run("authorization list --client app --limit 1");
        assertThat(cut.out()).startsWith("id ").contains(" alice ");
        assertThat(cut.err()).contains("more than the first 1");
        qscope.run("authorization list").failedWithUsage("missing: --client CLIENT_ID");
        qscope.run("authorization list --client nobody").failedInOneLine(ExitCode.REFUSED, "NOT_FOUND");

        qscope.run("client revoke app").failedWithUsage("Nothing was done");
        assertThat(inspect(alices.accessToken()).path("live").asBoolean()).isTrue();
        assertThat(qscope.json("client revoke app --yes").path("authorizations").asInt())
                .isEqualTo(3);
        assertThat(inspect(alices.accessToken()).path("live").asBoolean()).isFalse();
        assertThat(inspect(bobs.accessToken()).path("live").asBoolean()).isFalse();
        assertThat(Commands.texts(qscope.json("authorization list --client app"), "live"))
                .containsOnly("false");
        qscope.run("client revoke nobody --yes").failedInOneLine(ExitCode.REFUSED, "NOT_FOUND");
    }

    @Test
    void aTokenOfADisabledClientIsSaidToBeNotAccepted() {
        assertThat(inspect(alices.accessToken()).path("client_enabled").asBoolean())
                .isTrue();
        qscope.run("client disable app");
        Finished inspected = qscope.given(alices.accessToken(), "token inspect --json");
        assertThat(Commands.json(inspected).path("client_enabled").asBoolean()).isFalse();
        assertThat(inspected.err()).contains("client is disabled", "not accepted");
    }

    @Test
    void tablesOfTheAuditLogCallAClientByItsClientId() {
        String row = qscope.json("client show app").path("id").asString();
        String table = qscope.run("audit ray " + RAY).out();
        assertThat(table.lines().findFirst().orElseThrow()).contains(" client ").doesNotContain("client_id");
        assertThat(table.lines().filter(line -> line.contains("code.redeemed")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("  app ").doesNotContain(row));
        assertThat(Commands.lines(qscope.run("audit ray " + RAY + " --json")))
                .allSatisfy(
                        entry -> assertThat(entry.path("client_id").asString()).isEqualTo(row));
        qscope.run("client delete app --yes");
        assertThat(qscope.run("audit tail -n 100").out()).contains(row);
    }

    @Test
    void authorizationsAreShownAndRevoked() {
        String id = String.valueOf(bobs.authorizationId());
        JsonNode shown = qscope.json("authorization show " + id);
        assertThat(shown.path("user_id").asString()).isEqualTo("bob");
        assertThat(shown.path("live").asBoolean()).isTrue();
        qscope.run("authorization revoke " + id).failedWithUsage("Nothing was done");
        assertThat(qscope.run("authorization revoke " + id + " --yes").code()).isZero();
        assertThat(qscope.json("authorization show " + id).path("live").asBoolean())
                .isFalse();
        qscope.run("authorization show nonsense").failedInOneLine(ExitCode.REFUSED, "NOT_FOUND");
    }

    @Test
    void theAuditLogIsReadByRayByTimeAndAsJsonLines() throws IOException {
        assertThat(Commands.lines(qscope.run("audit ray " + RAY + " --json")))
                .hasSize(6)
                .allSatisfy(entry -> assertThat(entry.path("ray_id").asString()).isEqualTo(RAY.value()));
        qscope.run("audit ray another").failedInOneLine(ExitCode.REFUSED, "no entry of ray another");
        qscope.run("audit ray two§words").failedWithUsage("a ray id must be 1 to 64");
        assertThat(qscope.run("audit tail -n 2").out().lines()).hasSize(3);
        assertThat(Commands.lines(qscope.run("audit tail --since 1h -n 3 --json")))
                .hasSize(3);
        qscope.run("audit export --since 1h --until 2h").failedWithUsage("--since must be before --until");
        qscope.run("audit tail --since yesterday").failedWithUsage("--since TIME: expected");

        qscope.run("client disable app --ray from-the-command --by tester");
        assertThat(Commands.lines(qscope.run("audit ray from-the-command --json")))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.path("event_type").asString()).isEqualTo("client.disabled");
                    assertThat(entry.path("created_by").asString()).isEqualTo("tester");
                });
        assertThat(qscope.run("audit export --out log.jsonl").code()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("log.jsonl"))))
                .isEqualTo("rw-------");
        assertThat(Files.readAllLines(folder.resolve("log.jsonl")))
                .hasSizeGreaterThan(8)
                .allSatisfy(line -> assertThat(line).startsWith("{\"id\":").contains("\"hash\":\"v1:of-the-tests:"));
        qscope.run("audit export --out log.jsonl").failedInOneLine(ExitCode.REFUSED, "log.jsonl", "exists already");
    }

    @Test
    void tamperingIsFoundAndACheckpointFindsWhatIsCutOff() throws IOException {
        Path database = folder.resolve("qscope.db");
        assertThat(qscope.json("audit verify").path("intact").asBoolean()).isTrue();
        assertThat(qscope.run("audit checkpoint --out checkpoint.txt").code()).isZero();
        assertThat(qscope.json("audit verify --checkpoint checkpoint.txt")
                        .path("closed")
                        .asInt())
                .isEqualTo(1);

        assertThat(qscope.json("audit verify").path("keys")).singleElement().satisfies(key -> {
            assertThat(key.path("key").asString()).isEqualTo("of-the-tests");
            assertThat(key.path("entries").asInt()).isPositive();
            assertThat(key.path("newest").asString()).startsWith("20");
        });
        assertThat(qscope.run("audit verify").out()).containsPattern("key +entries +newest\nof-the-tests +\\d+ +20");

        HeldDatabase.change(
                database,
                "DROP TRIGGER oauth_audit_log_no_delete",
                "DELETE FROM oauth_audit_log WHERE sequence >= (SELECT max(sequence) - 1 FROM oauth_audit_log)");
        assertThat(qscope.run("audit verify").code()).as("nobody can tell").isZero();
        Finished cut = qscope.run("audit verify --checkpoint checkpoint.txt");
        assertThat(cut.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(cut.out()).contains("HEAD_MISSING");
        assertThat(cut.err()).contains("NOT intact");

        HeldDatabase.change(
                database,
                "DROP TRIGGER oauth_audit_log_no_update",
                "UPDATE oauth_audit_log SET created_by = 'somebody else' WHERE sequence = 2");
        Finished changed = qscope.run("audit verify --json");
        assertThat(changed.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(changed.out()).contains("\"CHANGED\"");
        qscope.run("audit checkpoint").failedInOneLine(ExitCode.REFUSED, "not intact");
        acknowledgedFindingsForbidNoCheckpoints();
        Files.writeString(folder.resolve("checkpoint.txt"), "nonsense");
        qscope.run("audit verify --checkpoint checkpoint.txt").failedInOneLine(ExitCode.REFUSED, "checkpoint");
    }

    /** As the example has it: the first time there is none. */
    private void checkpointsAreKeptInAFolder() throws IOException {
        Path kept = Files.createDirectory(folder.resolve("kept"));
        qscope.run("audit checkpoint --against kept").failedInOneLine(ExitCode.REFUSED, "not intact");
        Files.copy(folder.resolve("checkpoint.txt"), kept.resolve("1.checkpoint"));
        Files.copy(folder.resolve("known.txt"), kept.resolve("2.checkpoint"));
        Files.writeString(kept.resolve("notes.txt"), "no checkpoint");
        assertThat(qscope.run("audit checkpoint --against kept --out kept/3.checkpoint")
                        .code())
                .isZero();
        assertThat(qscope.run("audit verify --against kept").code()).isZero();
        qscope.run("audit checkpoint --against kept --out kept/3.checkpoint")
                .failedInOneLine(ExitCode.REFUSED, "exists already");
    }

    private void acknowledgedFindingsForbidNoCheckpoints() throws IOException {
        String acknowledge = "audit checkpoint --acknowledge --against checkpoint.txt --out known.txt";
        Finished asked = qscope.run(acknowledge);
        assertThat(asked.code()).as("nobody to be asked").isEqualTo(ExitCode.USAGE);
        assertThat(asked.err()).contains("CHANGED", "HEAD_MISSING", "findings as explained", "--yes");
        assertThat(folder.resolve("known.txt")).doesNotExist();
        assertThat(qscope.run(acknowledge + " --yes").code()).isZero();

        String known = " --against checkpoint.txt known.txt";
        Finished verified = qscope.run("audit verify" + known);
        assertThat(verified.code()).isZero();
        assertThat(verified.out()).contains("acknowledged:", "CHANGED", "HEAD_MISSING");
        assertThat(qscope.json("audit verify" + known).path("acknowledged").size())
                .isGreaterThanOrEqualTo(3);
        qscope.run("audit checkpoint --against checkpoint.txt").failedInOneLine(ExitCode.REFUSED, "not intact");
        assertThat(qscope.run("audit checkpoint --out next.txt" + known).code()).isZero();
        checkpointsAreKeptInAFolder();

        HeldDatabase.change(
                folder.resolve("qscope.db"),
                "UPDATE oauth_audit_log SET created_by = 'again' WHERE sequence = 2 AND created_by = 'somebody else'");
        assertThat(qscope.run("audit verify --against next.txt --against checkpoint.txt --against known.txt")
                        .code())
                .isEqualTo(ExitCode.REFUSED);
        qscope.run("audit checkpoint" + known).failedInOneLine(ExitCode.REFUSED, "not intact");
    }

    @Test
    void purgeDeletesWhatIsOverAndStatusCountsWhatIsThere() {
        JsonNode before = qscope.json("status");
        assertThat(before.path("schema_version").asString()).isEqualTo("5");
        assertThat(before.path("engine").asString()).startsWith("SQLite");
        assertThat(before.path("rows").path("oauth_access_tokens").asInt()).isEqualTo(2);
        assertThat(Commands.texts(before.path("keys"))).containsExactly("of-the-tests");
        assertThat(Commands.texts(before.path("guarantees"))).contains("UNIT_OF_WORK");
        assertThat(before.path("not_guaranteed").path("DURABLE_BEYOND_NODE").asString())
                .isNotEmpty();
        assertThat(before.path("latency_millis").asDouble()).isPositive();
        assertThat(qscope.run("status").out()).containsPattern("not_guaranteed +DURABLE_BEYOND_NODE: \\w");

        assertThat(qscope.json("purge --before 1h").path("total").asInt()).isZero();
        qscope.run("purge --before 2999-01-01T00:00:00Z").failedWithUsage("in the future", "Nothing was done");
        JsonNode purged = qscope.json("purge --before 2999-01-01T00:00:00Z --yes");
        assertThat(purged.path("access_tokens").asInt()).isEqualTo(2);
        // Two more were redeemed, and their families live: a replay of them must still be seen.
        assertThat(purged.path("authorization_codes").asInt()).isEqualTo(1);
        assertThat(qscope.json("status")
                        .path("rows")
                        .path("oauth_access_tokens")
                        .asInt())
                .isZero();
        assertThat(Commands.lines(qscope.run("audit tail --json")))
                .extracting(entry -> entry.path("event_type").asString())
                .contains("storage.purged");
    }

    @Test
    void keysThatAreAddedAtOnceAreAllInTheRing() throws Exception {
        Map<String, String> file = Map.of("QSCOPE_KEYS", "", "QSCOPE_KEYS_FILE", "ring");
        assertThat(qscope.run(file, "key generate").code()).isZero();
        List<Process> running = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            running.add(Finished.process(folder, file, "key", "add")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        }
        for (Process each : running) {
            assertThat(each.waitFor()).isZero();
        }
        assertThat(Commands.json(qscope.run(file, "key list --json"))).hasSize(7);
    }

    @Test
    void keysAreRotatedAndTakenOutWhenNothingNeedsThem() {
        Map<String, String> file = Map.of("QSCOPE_KEYS", "", "QSCOPE_KEYS_FILE", "ring");
        assertThat(qscope.run(file, "key generate").code()).isZero();
        qscope.run(file, "key generate").failedInOneLine(ExitCode.REFUSED, "is there already");
        JsonNode first = Commands.json(qscope.run(file, "key list --json"));
        String old = first.get(0).path("id").asString();
        JsonNode added = Commands.json(qscope.run(file, "key add --json"));
        assertThat(Commands.texts(added, "writing")).containsExactly("true", "false");
        String young = added.get(1).path("id").asString();
        qscope.run(file, "key retire " + old + " --yes").failedInOneLine(ExitCode.REFUSED, "writes", "CONFLICT");
        assertThat(Commands.texts(Commands.json(qscope.run(file, "key use " + young + " --json")), "id"))
                .containsExactly(young, old);
        qscope.run(file, "key use nonsense").failedInOneLine(ExitCode.REFUSED, "no such key");
        qscope.run(file, "key retire " + old).failedWithUsage("Nothing was done");
        qscope.run(file, "key retire " + young + " --yes --by tester --ray ticket-4711")
                .failedInOneLine(ExitCode.REFUSED, "CONFLICT", "ray ticket-4711");
        qscope.run(file, "key retire " + old + " --yes --ray two§words").failedWithUsage("--ray");
        assertThat(Commands.texts(Commands.json(qscope.run(file, "key retire " + old + " --yes --json")), "id"))
                .containsExactly(young);
        assertThat(qscope.run(file, "key list").out()).doesNotContain(old).contains(young);
        assertThat(qscope.run(file, "audit tail --json").out())
                .containsOnlyOnce("\"key.retired\"")
                .contains("\"" + old + "\"");
    }
}
