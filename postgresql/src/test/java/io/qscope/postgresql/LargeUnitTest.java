package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.RayId;
import io.qscope.sql.ConstraintViolation;
import io.qscope.sql.Explanation;
import io.qscope.sql.SqlQuery;
import io.qscope.sql.SqlStep;
import io.qscope.sql.SqlUnit;
import io.qscope.sql.SqlUnitRun;
import io.qscope.sql.SqlWrite;
import io.qscope.store.Attempt;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.InvalidRowException;
import io.qscope.store.Storage;
import io.qscope.store.StorageException;
import io.qscope.store.TableName;
import io.qscope.store.UnitOfWork;
import io.qscope.store.UnitOutcome;
import io.qscope.tck.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Units of thousands of parts, which are talked through a statement at a time to learn what is wrong with them: each part is run
 * as often as it has something to ask, whatever came before it.
 */
@Timeout(120)
class LargeUnitTest {

    private static final int PARTS = 2_000;

    private static final long PATIENCE_SECONDS = 60;

    private Storage storage;
    private Rows rows;
    private Authorization root;

    @BeforeEach
    void open() {
        storage = Storage.open(TestServer.location(TestServer.newSchema()) + "&call_timeout=" + PATIENCE_SECONDS);
        rows = new Rows(storage, new Random(1));
        root = rows.storedAuthorization();
    }

    @AfterEach
    void close() {
        storage.close();
    }

    private List<AccessToken> tokens(int count) {
        List<AccessToken> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(rows.accessToken(root));
        }
        return tokens;
    }

    private CompletableFuture<UnitOutcome> commit(Attempt attempt, AuthorizationCode code, List<AccessToken> tokens) {
        UnitOfWork unit = storage.unitOfWork(attempt).consume(code.code());
        tokens.forEach(unit::insert);
        return unit.commit(RayId.random());
    }

    private static Attempt attempt() {
        return Attempt.of(Rows.NOW, "test");
    }

    /** A part that notes how often it is looked at for what to run. */
    private static final class Counted implements SqlWrite<String> {

        private static final SqlStep STEP = SqlStep.required("UPDATE nothing");

        private int asked;

        @Override
        public TableName table() {
            return TableName.CLIENTS;
        }

        @Override
        public String subject() {
            return "counted";
        }

        @Override
        public boolean isGuard() {
            return false;
        }

        @Override
        public List<SqlStep> steps() {
            asked++;
            return List.of(STEP);
        }

        @Override
        public String answer(List<SqlStep.Done> done) {
            return "done";
        }

        @Override
        public List<SqlQuery<?>> questions() {
            return List.of();
        }

        @Override
        public Explanation<String> explain(List<List<?>> answers, RayId rayId) {
            return Explanation.of("lost");
        }

        @Override
        public StorageException refused(ConstraintViolation violation, List<List<?>> answers, RayId rayId) {
            return new InvalidRowException(String.valueOf(violation.getMessage()), rayId);
        }

        @Override
        public List<SqlQuery<?>> repeatQuestions() {
            return List.of();
        }

        @Override
        public Explanation<String> explainRepeat(List<List<?>> answers, RayId rayId) {
            return Explanation.of("repeated");
        }
    }

    @Test
    void aPartIsNotRunAgainForThoseThatComeAfterIt() {
        List<SqlWrite<?>> parts = new ArrayList<>();
        for (int i = 0; i < PARTS; i++) {
            parts.add(new Counted());
        }
        SqlUnit<SqlUnitRun.End> unit =
                new SqlUnit<>(parts, end -> end, RayId.random(), new CompletableFuture<>(), true, false);
        LaneSession session = new LaneSession(null);
        SqlUnitRun run = SqlUnitRun.of(session, unit);

        int questions = 0;
        SqlUnitRun.End end = null;
        while (end == null) {
            session.rewind();
            try {
                end = run.run();
            } catch (LaneSession.NotHeardYet pause) {
                questions++;
                session.hear(new SqlStep.Done(1, List.of()));
            }
        }

        assertThat(questions).isEqualTo(PARTS);
        assertThat(end.answers()).hasSize(PARTS).containsOnly("done");
        assertThat(parts.stream().map(part -> ((Counted) part).asked).distinct())
                .as("asked before its answer came, and with it")
                .containsExactly(2);
    }

    @Test
    void theLastPartThatIsRefusedIsNamed() throws Exception {
        AuthorizationCode code = rows.stored(rows.code(root));
        List<AccessToken> tokens = tokens(PARTS);
        AccessToken last = tokens.get(PARTS - 1);
        rows.stored(last.toBuilder().token(rows.digest()).build());

        CompletableFuture<UnitOutcome> unit = commit(attempt(), code, tokens);

        assertThat(unit.handle((done, failure) -> failure).get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(DuplicateRowException.class, refused -> {
                    assertThat(refused.part()).isEqualTo(PARTS);
                    assertThat(refused).hasMessageContaining(last.id());
                });
        assertThat(storage.accessTokens()
                        .getByToken(tokens.get(0).token(), RayId.random())
                        .join())
                .isEmpty();
    }

    @Test
    void aRepeatIsRecognised() throws Exception {
        AuthorizationCode code = rows.stored(rows.code(root));
        List<AccessToken> tokens = tokens(PARTS);
        Attempt attempt = attempt();

        UnitOutcome first = commit(attempt, code, tokens).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        UnitOutcome repeated = commit(attempt, code, tokens).get(PATIENCE_SECONDS, TimeUnit.SECONDS);

        assertThat(first).isInstanceOf(UnitOutcome.Committed.class);
        assertThat(repeated).isInstanceOf(UnitOutcome.Committed.class);
    }

    /** What comes behind it is asked whether this attempt has won it before. */
    @Test
    void theFirstGuardThatLosesIsToldBeforeManyOthers() throws Exception {
        UnitOfWork unit = storage.unitOfWork(attempt()).consume(rows.digest());
        for (int i = 1; i < PARTS; i++) {
            unit.consume(rows.digest());
        }

        UnitOutcome outcome = unit.commit(RayId.random()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        UnitOutcome.Refused.class,
                        refused -> assertThat(refused.outcome()).isInstanceOf(ConsumeOutcome.Unknown.class));
    }
}
