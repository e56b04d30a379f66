package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.tck.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call that waited for a connection and then meets a lock ends in its time, and with the server's word that it was not applied. */
@Timeout(120)
class DeadlineTest {

    private static final long CALL_SECONDS = 3;

    /** How a call is sent. */
    enum Form {
        /** A statement. */
        ALONE,
        /** A transaction, at once. */
        WHOLE,
        /** A transaction a statement at a time: the one that opens a chain of the audit log. */
        DIALOGUE
    }

    private Storage storage;
    private String schema;
    private Rows rows;
    private Connection before;
    private Connection behind;

    @BeforeEach
    void open() throws Exception {
        schema = TestServer.newSchema();
        storage = Storage.open(TestServer.location(schema));
        rows = new Rows(storage, new Random());
        before = holder();
        behind = holder();
    }

    @AfterEach
    void close() throws Exception {
        before.close();
        behind.close();
        storage.close();
    }

    private Connection holder() throws SQLException {
        Connection holder = TestServer.connect();
        holder.setSchema(schema);
        holder.setAutoCommit(false);
        return holder;
    }

    private static void hold(Connection by, AuthorizationCode code) throws SQLException {
        try (Statement statement = by.createStatement()) {
            statement.execute("SELECT 1 FROM oauth_authorization_codes WHERE id = '" + code.id() + "' FOR UPDATE");
        }
    }

    private static CompletableFuture<?> consume(Storage by, AuthorizationCode code) {
        return by.authorizationCodes().consume(code.code(), Attempt.of(Rows.NOW, "test"), RayId.random());
    }

    private CompletableFuture<?> send(Storage by, AuthorizationCode code, Form form) {
        return form == Form.ALONE
                ? consume(by, code)
                : by.unitOfWork(Attempt.of(Rows.NOW, "test"))
                        .consume(code.code())
                        .insert(rows.auditLog())
                        .commit(RayId.random());
    }

    private boolean somebodyWaits() throws SQLException {
        return !"0"
                .equals(TestServer.ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                        + " AND query LIKE '%" + schema + "%'"));
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void whatWaitedAndThenMeetsALockEndsInTimeAndIsKnownNotToBeApplied(Form form) throws Exception {
        AuthorizationCode first = rows.storedCode();
        AuthorizationCode second = rows.storedCode();
        PostgresqlStorage.Builder builder = PostgresqlStorage.builder(
                        TestServer.location(schema) + "&call_timeout=" + CALL_SECONDS)
                .connections(1);
        if (form == Form.DIALOGUE) {
            builder.keys(KeyRing.of(Key.generate("test")));
        }
        try (Storage narrow = builder.open()) {
            hold(before, first);
            hold(behind, second);
            long asked = System.nanoTime();
            CompletableFuture<?> underWay = consume(narrow, first);
            Eventually.holds("the only connection is taken", this::somebodyWaits);
            CompletableFuture<?> call = send(narrow, second, form);
            Eventually.holds("most of its time is over", () -> seconds(asked) > CALL_SECONDS - 1);
            before.rollback();
            underWay.get(10, TimeUnit.SECONDS);

            Throwable failure = call.handle((done, failed) -> failed).get(10, TimeUnit.SECONDS);
            assertThat(failure)
                    .isInstanceOfSatisfying(
                            StorageUnavailableException.class,
                            failed -> assertThat(failed.outcomeUnknown())
                                    .as(failed.getMessage())
                                    .isFalse())
                    .hasMessageContaining("57014");
            assertThat(seconds(asked)).isLessThan(CALL_SECONDS + 1);
            behind.rollback();
            assertThat(TestServer.ask("SELECT count(*) FROM " + schema
                            + ".oauth_authorization_codes WHERE consumed_at IS NOT NULL"))
                    .isEqualTo("1");
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
