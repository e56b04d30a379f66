package io.qscope.sqlite;

import io.qscope.engine.Listening;
import io.qscope.model.RayId;
import io.qscope.sql.SqlDialect;
import io.qscope.sql.SqlEngine;
import io.qscope.sql.SqlQuery;
import io.qscope.sql.SqlRead;
import io.qscope.sql.SqlSession;
import io.qscope.sql.SqlStep;
import io.qscope.sql.SqlUnit;
import io.qscope.sql.SqlWrite;
import io.qscope.store.Guarantees;
import io.qscope.store.Health;
import io.qscope.store.Migration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;

/** Notes the text of every statement on its way to an engine, and when each call was sent and answered. */
final class Recorder implements SqlEngine {

    /** When a call was sent, and how long it took. */
    record Span(long sentNanos, long nanos) {}

    private final SqlEngine engine;
    private final Set<String> texts = new ConcurrentSkipListSet<>();
    private final Queue<Span> spans = new ConcurrentLinkedQueue<>();

    Recorder(SqlEngine engine) {
        this.engine = engine;
    }

    Set<String> texts() {
        return texts;
    }

    /** Of the calls that were answered, in no order; one whose caller was told first may be missing yet. */
    List<Span> spans() {
        return List.copyOf(spans);
    }

    private void time(CompletableFuture<?> call) {
        long sent = System.nanoTime();
        CompletableFuture<?> unused =
                call.whenComplete((done, failure) -> spans.add(new Span(sent, System.nanoTime() - sent)));
    }

    @Override
    public SqlDialect dialect() {
        return SqlDialect.SQLITE;
    }

    @Override
    public Listening listening() {
        return engine.listening();
    }

    @Override
    public void read(List<? extends SqlRead<?, ?>> calls) {
        for (SqlRead<?, ?> call : calls) {
            texts.add(call.query().text());
            time(call.future());
        }
        engine.read(calls);
    }

    @Override
    public void write(List<? extends SqlUnit<?>> units) {
        for (SqlUnit<?> unit : units) {
            time(unit.future());
            for (SqlWrite<?> part : unit.parts()) {
                part.steps().stream().map(SqlStep::text).forEach(texts::add);
                part.questions().stream().map(SqlQuery::text).forEach(texts::add);
                part.repeatQuestions().stream().map(SqlQuery::text).forEach(texts::add);
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

    /** Notes the text of every statement on its way to a session. */
    record Session(SqlSession session, Set<String> texts) implements SqlSession {

        @Override
        public SqlStep.Done run(SqlStep step) {
            texts.add(step.text());
            return session.run(step);
        }

        @Override
        public <T> List<T> ask(SqlQuery<T> query) {
            texts.add(query.text());
            return session.ask(query);
        }
    }
}
