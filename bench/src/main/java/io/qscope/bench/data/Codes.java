package io.qscope.bench.data;

import io.qscope.model.OAuthClient;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Codes that wait to be redeemed, each with a root of its own. */
public final class Codes {

    private final DataSet data;
    private final long first;
    private final AtomicLong next;
    private volatile long end;

    /**
     * A code as its client has it.
     *
     * @param client whose it is
     */
    public record Waiting(String value, OAuthClient client) {}

    /** None yet. */
    public Codes(DataSet data) {
        this.data = data;
        this.first = data.sample().newKind();
        this.next = new AtomicLong(first);
        this.end = first;
    }

    /** Issues codes until so many wait. */
    public void fill(long wanted) throws SQLException {
        // Whoever came too late took a number that no code has.
        long issued = end;
        long from = Math.min(next.get(), issued);
        next.set(from);
        long missing = wanted - (issued - from);
        if (missing > 0) {
            Sample sample = data.sample();
            data.store(Columns.AUTHORIZATIONS, Loading.each(issued, missing, sample::root));
            data.store(Columns.CODES, Loading.each(issued, missing, n -> sample.code(value(n), n)));
            end = issued + missing;
        }
    }

    /** The next code; none when all are taken. */
    public @Nullable Waiting take() {
        long number = next.getAndIncrement();
        return number < end ? new Waiting(value(number), data.sample().clientOf(number)) : null;
    }

    private static String value(long number) {
        return "an-authorization-code-as-long-as-256-bits-" + number;
    }
}
