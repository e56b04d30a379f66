package io.qscope.sqlite;

import io.qscope.model.RayId;
import io.qscope.sql.ConstraintViolation;
import io.qscope.sql.Explanation;
import io.qscope.sql.SqlEngine;
import io.qscope.sql.SqlQuery;
import io.qscope.sql.SqlRead;
import io.qscope.sql.SqlStep;
import io.qscope.sql.SqlUnit;
import io.qscope.sql.SqlWrite;
import io.qscope.store.InvalidRowException;
import io.qscope.store.StorageException;
import io.qscope.store.TableName;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A write of a text by hand, which returns rows. */
final class HandMade implements SqlWrite<String> {

    private final String text;
    private final @Nullable Error thrown;
    private final SqlUnit<String> unit;

    HandMade(String text) {
        this(text, null);
    }

    /** A write whose answer throws. */
    HandMade(String text, @Nullable Error thrown) {
        this.text = text;
        this.thrown = thrown;
        this.unit = SqlUnit.of(this, RayId.random());
    }

    /** Lets the file grow by so many pages only: the limit is the writing connection's own. */
    static void limitPages(SqlEngine engine, long more) {
        SqlRead<Long, Long> pages = SqlRead.of(
                SqlQuery.of("PRAGMA page_count", row -> Objects.requireNonNull(row.number(0))),
                found -> found.get(0),
                Sqlite.ray());
        engine.read(List.of(pages));
        HandMade limit = new HandMade("PRAGMA max_page_count = " + (Sqlite.await(pages.future()) + more));
        engine.write(List.of(limit.unit()));
        Sqlite.await(limit.unit().future());
    }

    SqlUnit<String> unit() {
        return unit;
    }

    @Override
    public TableName table() {
        return TableName.CLIENTS;
    }

    @Override
    public String subject() {
        return "by hand";
    }

    @Override
    public boolean isGuard() {
        return false;
    }

    @Override
    public List<SqlStep> steps() {
        return List.of(SqlStep.returning(text, row -> String.valueOf(row.text(0))));
    }

    @Override
    public String answer(List<SqlStep.Done> done) {
        if (thrown != null) {
            throw thrown;
        }
        return String.valueOf(done.get(0).returned());
    }

    @Override
    public List<SqlQuery<?>> questions() {
        return List.of();
    }

    @Override
    public Explanation<String> explain(List<List<?>> answers, RayId rayId) {
        throw new IllegalStateException("a PRAGMA answers");
    }

    @Override
    public StorageException refused(ConstraintViolation violation, List<List<?>> answers, RayId rayId) {
        return new InvalidRowException(table(), subject(), violation.toString(), rayId);
    }

    @Override
    public List<SqlQuery<?>> repeatQuestions() {
        return List.of();
    }

    @Override
    public Explanation<String> explainRepeat(List<List<?>> answers, RayId rayId) {
        return Explanation.of("");
    }
}
