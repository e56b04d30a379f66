package io.qscope.bench.data;

import io.qscope.model.OAuthClient;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Refresh tokens of many families; each rotation puts the successor where its predecessor was taken from. */
public final class RefreshTokens {

    private final DataSet data;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

    /** A refresh token as its client has it. */
    public record Waiting(String value, OAuthClient client) {}

    /** None yet. */
    public RefreshTokens(DataSet data) {
        this.data = data;
    }

    /** Issues tokens for so many families, once. */
    public void fill(long families) throws SQLException {
        if (!waiting.isEmpty()) {
            return;
        }
        Sample sample = data.sample();
        long first = sample.newKind();
        data.store(Columns.AUTHORIZATIONS, Loading.each(first, families, sample::root));
        data.store(Columns.REFRESH_TOKENS, Loading.each(first, families, n -> sample.refreshToken(value(n), n)));
        for (long n = first; n < first + families; n++) {
            waiting.add(new Waiting(value(n), sample.clientOf(n)));
        }
    }

    /** The token that waited longest; none when more calls are under way than there are families. */
    public @Nullable Waiting take() {
        return waiting.poll();
    }

    /** The successor of a token that was taken. */
    public void put(Waiting successor) {
        waiting.add(successor);
    }

    private static String value(long number) {
        return "a-refresh-token-as-long-as-256-bits-" + number;
    }
}
