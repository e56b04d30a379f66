package io.qscope.service;

import static io.qscope.service.Deployment.join;
import static io.qscope.service.Deployment.refused;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditEvent;
import io.qscope.model.AuditLog;
import io.qscope.model.EncodedSecret;
import io.qscope.model.RayId;
import io.qscope.model.RowIds;
import io.qscope.model.UserAccount;
import io.qscope.result.FailedResult;
import io.qscope.result.Result;
import io.qscope.store.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** Users who can sign in: their accounts, and that nobody guesses at passwords for long. */
@ParameterizedClass
@EnumSource
class UserAccountServiceTest {

    private static final String PASSWORD = "correct horse battery";
    private static final String WRONG = "wrong horse battery";
    private static final String ADDRESS = "192.0.2.1";
    private static final int TRIES = 3;
    private static final Duration WINDOW = Duration.ofMinutes(5);

    private final Engine engine;

    private Deployment deployment;
    private UserAccountService users;
    private RayId ray;

    UserAccountServiceTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() {
        deployment = Deployment.on(
                engine,
                ServicePolicy.builder().signInTries(TRIES).signInWindow(WINDOW).build());
        users = deployment.services.users();
        ray = deployment.ray;
    }

    @AfterEach
    void close() {
        deployment.close();
    }

    private UserAccount alice() {
        return success(users.create("alice", PASSWORD, Map.of("name", "Alice"), "operator", ray));
    }

    private Result<UserAccount> tried(String username, String password) {
        return join(users.verify(username, password, ADDRESS, ray));
    }

    private List<String> told() {
        return deployment.entries().stream().map(AuditLog::eventType).toList();
    }

    @Test
    void anAccountIsMadeWithAHashedPasswordAndAnEntryThatDoesNotNameTheUser() {
        UserAccount alice = alice();

        assertThat(success(users.get("alice", ray))).isEqualTo(alice);
        assertThat(alice.password().scheme()).isEqualTo("argon2id");
        assertThat(alice.password().value()).doesNotContain(PASSWORD);
        assertThat(success(users.list(Page.first(10), ray)).rows()).containsExactly(alice);
        assertThat(told()).containsExactly(AuditEvent.USER_CREATED.type());
        assertThat(deployment.entries().toString()).doesNotContain("alice", PASSWORD);
    }

    @Test
    void aTakenNameAndAValueThatNoAccountTakesAreRefusedAndNothingIsWritten() {
        alice();

        refused(users.create("alice", PASSWORD, Map.of(), "operator", ray), ServiceError.CONFLICT);
        refused(users.create("bob", "1234567", Map.of(), "operator", ray), ServiceError.INVALID);
        refused(users.create("bob", "x".repeat(257), Map.of(), "operator", ray), ServiceError.INVALID);
        refused(users.create(" ", PASSWORD, Map.of(), "operator", ray), ServiceError.INVALID);
        refused(users.create("bob", PASSWORD, Map.of(), " ", ray), ServiceError.INVALID);
        refused(users.get("bob", ray), ServiceError.NOT_FOUND);
        assertThat(told()).containsExactly(AuditEvent.USER_CREATED.type());
    }

    @Test
    void theRightPasswordSignsInAndCountsForNothing() {
        UserAccount alice = alice();

        for (int i = 0; i < 3 * TRIES; i++) {
            assertThat(success(users.verify("alice", PASSWORD, ADDRESS, ray))).isEqualTo(alice);
        }
        assertThat(told()).contains(AuditEvent.USER_SIGNED_IN.type());
    }

    @Test
    void aRefusalDoesNotSayWhetherThereIsSuchAUser() {
        alice();
        success(users.create("off", PASSWORD, Map.of(), "operator", ray));
        success(users.disable("off", "operator", ray));

        FailedResult<?> wrong = refused(users.verify("alice", WRONG, ADDRESS, ray), ServiceError.INVALID_CREDENTIALS);
        for (String other : List.of("nobody", "off", "\ud800")) {
            FailedResult<?> failed =
                    refused(users.verify(other, PASSWORD, ADDRESS, ray), ServiceError.INVALID_CREDENTIALS);
            assertThat(failed.clientMessage()).isEqualTo(wrong.clientMessage());
            assertThat(failed.status()).isEqualTo(401);
        }
    }

    @Test
    void itTakesAsLongToRefuseAnUnknownUser() {
        alice();
        tried("nobody", WRONG);
        long known = Long.MAX_VALUE;
        long unknown = Long.MAX_VALUE;
        for (int i = 0; i < TRIES; i++) {
            long start = System.nanoTime();
            tried("alice", WRONG);
            long between = System.nanoTime();
            tried("nobody-" + i, WRONG);
            known = Math.min(known, between - start);
            unknown = Math.min(unknown, System.nanoTime() - between);
        }
        // Without hashing it would take a small part of that.
        assertThat(unknown).isGreaterThan(known / 3);
    }

    @Test
    void beyondTheLimitTheRightPasswordIsRefusedTooUntilTheWindowIsOver() {
        alice();
        for (int i = 0; i < TRIES; i++) {
            refused(users.verify("alice", WRONG, "192.0.2." + i, ray), ServiceError.INVALID_CREDENTIALS);
        }

        FailedResult<?> refused =
                refused(users.verify("alice", PASSWORD, "192.0.2.99", ray), ServiceError.TOO_MANY_ATTEMPTS);
        assertThat(refused.clientMessage()).contains("try again after");
        refused(users.verify("alice", WRONG, "192.0.2.99", ray), ServiceError.TOO_MANY_ATTEMPTS);
        assertThat(told().stream().filter(AuditEvent.USER_SIGN_IN_PRESENTED.type()::equals))
                .as("up to the limit and once beyond")
                .hasSize(TRIES + 1);

        deployment.clock.advance(WINDOW);
        success(users.verify("alice", PASSWORD, ADDRESS, ray));
    }

    @Test
    void anAddressThatTriesManyNamesIsRefused() {
        alice();
        for (int i = 0; i < 10 * TRIES; i++) {
            refused(users.verify("name-" + i, WRONG, ADDRESS, ray), ServiceError.INVALID_CREDENTIALS);
        }

        refused(users.verify("alice", PASSWORD, ADDRESS, ray), ServiceError.TOO_MANY_ATTEMPTS);
        success(users.verify("alice", PASSWORD, "192.0.2.2", ray));
    }

    @Test
    void noNumberOfParallelGuessesSlipsPastTheLimit() {
        alice();
        List<CompletableFuture<Result<UserAccount>>> guesses = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            guesses.add(users.verify("alice", WRONG, ADDRESS, ray));
        }

        assertThat(guesses.stream()
                        .map(Deployment::join)
                        .filter(result -> result.status() == ServiceError.INVALID_CREDENTIALS.status()))
                .hasSize(TRIES);
    }

    @Test
    void anotherPasswordTakesThePlaceOfTheFirst() {
        alice();

        success(users.changePassword("alice", "another horse", "operator", ray));

        assertThat(tried("alice", PASSWORD).status()).isEqualTo(401);
        success(users.verify("alice", "another horse", ADDRESS, ray));
        refused(users.changePassword("nobody", PASSWORD, "operator", ray), ServiceError.NOT_FOUND);
        refused(users.changePassword("alice", "short", "operator", ray), ServiceError.INVALID);
        assertThat(told()).contains(AuditEvent.USER_PASSWORD_CHANGED.type());
    }

    @Test
    void whoIsDisabledDoesNotSignInUntilEnabled() {
        alice();

        UserAccount disabled = success(users.disable("alice", "operator", ray));
        assertThat(disabled.isEnabled()).isFalse();
        assertThat(success(users.disable("alice", "another", ray))).isEqualTo(disabled);
        assertThat(tried("alice", PASSWORD).status()).isEqualTo(401);
        success(users.enable("alice", "operator", ray));
        success(users.verify("alice", PASSWORD, ADDRESS, ray));
        assertThat(told()).containsOnlyOnce(AuditEvent.USER_DISABLED.type(), AuditEvent.USER_ENABLED.type());
    }

    @Test
    void aPasswordThatIsStoredByAnotherSchemeIsHashedAnew() {
        UserAccount imported = UserAccount.builder()
                .id(RowIds.next())
                .username("carol")
                .password(new EncodedSecret("{bcrypt}" + new BCryptPasswordEncoder(4).encode(PASSWORD)))
                .createdAt(deployment.clock.instant())
                .createdBy("import")
                .build();
        join(deployment.storage.users().insert(imported, ray));

        success(users.verify("carol", PASSWORD, ADDRESS, ray));

        assertThat(success(users.get("carol", ray)).password().scheme()).isEqualTo("argon2id");
        success(users.verify("carol", PASSWORD, ADDRESS, ray));
        assertThat(told()).containsOnlyOnce(AuditEvent.USER_PASSWORD_UPGRADED.type());
    }

    @Test
    void changesAtOnceAreAllKept() {
        alice();
        List<CompletableFuture<Result<UserAccount>>> changes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            changes.add(users.changePassword("alice", "password-" + i, "operator", ray));
            changes.add(users.disable("alice", "operator", ray));
        }
        changes.forEach(change -> assertThat(join(change).status()).isEqualTo(200));

        assertThat(success(users.get("alice", ray)).isEnabled()).isFalse();
        assertThat(told().stream().filter(AuditEvent.USER_PASSWORD_CHANGED.type()::equals))
                .hasSize(4);
    }

    @Test
    void erasingAUserDeletesTheAccount() {
        alice();

        success(deployment.services.operator().eraseUser("alice", "operator", ray));

        refused(users.get("alice", ray), ServiceError.NOT_FOUND);
    }
}
