package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.engine.Listening;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.RayId;
import io.qscope.sql.SqlDialect;
import io.qscope.sql.SqlEngine;
import io.qscope.sql.SqlRead;
import io.qscope.sql.SqlStep;
import io.qscope.sql.SqlStorage;
import io.qscope.sql.SqlUnit;
import io.qscope.sql.SqlWrite;
import io.qscope.store.Guarantees;
import io.qscope.store.Health;
import io.qscope.store.Migration;
import io.qscope.store.Storage;
import io.qscope.tck.EveryCall;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What statements are marked with, because PostgreSQL has to know it of them: none is without. */
@Timeout(60)
class StatementMarksTest {

    private static final Pattern WRITES_ROOTS = Pattern.compile(
            "\\b(UPDATE|DELETE\\s+FROM)\\s+oauth_authorizations\\b|\\bDELETE\\s+FROM\\s+oauth_clients\\b");

    @Test
    void everyStatementThatWritesRootsSaysSoAndNoOther() throws Exception {
        Queue<SqlStep> steps = new ConcurrentLinkedQueue<>();
        Storage opened = PostgresqlStorage.builder(TestServer.location(TestServer.newSchema()))
                .keys(KeyRing.of(Key.generate("test")))
                .open();
        try (Storage storage = new SqlStorage(new Noting(((SqlStorage) opened).engine(), steps))) {
            EveryCall.on(storage);
        }
        Map<Boolean, List<String>> run = steps.stream()
                .collect(Collectors.partitioningBy(
                        SqlStep::writesRoots, Collectors.mapping(SqlStep::text, Collectors.toList())));
        List<String> writeRoots = SqlStatements.all().values().stream()
                .filter(text -> WRITES_ROOTS.matcher(text).find())
                .toList();
        assertThat(writeRoots).hasSizeGreaterThan(6);
        assertThat(run.get(true)).as("steps that say so").hasSameElementsAs(writeRoots);
        assertThat(run.get(false)).as("steps that do not").doesNotContainAnyElementsOf(writeRoots);
    }

    @Test
    void whatAStatementHasFoundIsGivenToPostgresqlAsAnArray() throws Exception {
        Map<String, String> statements = SqlStatements.all();
        statements.replaceAll((name, text) -> SqlDialect.POSTGRESQL.render(text, ""));
        assertThat(statements.values().stream().filter(text -> text.contains("= ANY (ARRAY(SELECT ")))
                .hasSizeGreaterThan(10);
        assertThat(statements)
                .allSatisfy((name, text) -> assertThat(text)
                        .doesNotContainPattern("\\bIN\\s*(/\\*.*\\*/\\s*)?\\(\\s*SELECT\\b")
                        .doesNotContain("/*"));
    }

    /** Notes every step on its way to an engine. */
    private record Noting(SqlEngine engine, Queue<SqlStep> steps) implements SqlEngine {

        @Override
        public SqlDialect dialect() {
            return engine.dialect();
        }

        @Override
        public Listening listening() {
            return engine.listening();
        }

        @Override
        public void read(List<? extends SqlRead<?, ?>> calls) {
            engine.read(calls);
        }

        @Override
        public void write(List<? extends SqlUnit<?>> units) {
            for (SqlUnit<?> unit : units) {
                for (SqlWrite<?> part : unit.parts()) {
                    steps.addAll(unit.steps(part));
                }
            }
            engine.write(units);
        }

        @Override
        public CompletableFuture<Health> health(RayId rayId) {
            return engine.health(rayId);
        }

        @Override
        public CompletableFuture<Migration> migrate(RayId rayId) {
            return engine.migrate(rayId);
        }

        @Override
        public Guarantees guarantees() {
            return engine.guarantees();
        }

        @Override
        public void close() {
            engine.close();
        }
    }
}
