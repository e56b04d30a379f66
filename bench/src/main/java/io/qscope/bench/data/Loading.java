package io.qscope.bench.data;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/** Puts rows into a data set. */
public final class Loading {

    /** Before then, what was {@linkplain #expired loaded as expired} is of no more use, and nothing else is. */
    public static final Instant PURGED_BEFORE = Sample.NOW.minus(Duration.ofDays(1));

    private static final Instant LONG_AGO = Sample.NOW.minus(Duration.ofDays(3));
    private static final Instant EXPIRED = Sample.NOW.minus(Duration.ofDays(2));

    /** A root, its code, its refresh token and two access tokens. */
    private static final int ROWS_A_FAMILY = 5;

    private Loading() {}

    /** Clients, roots and access tokens. */
    static void rows(DataSet data) throws SQLException {
        Sample sample = data.sample();
        for (OAuthClient client : sample.clients()) {
            data.storage().clients().insert(client, RayId.random()).join();
        }
        data.store(Columns.AUTHORIZATIONS, each(0, sample.roots(), sample::root));
        data.store(Columns.ACCESS_TOKENS, each(0, sample.rows(), sample::token));
        data.analyze();
    }

    /** So many rows, rounded to whole families, that a purge deletes. */
    public static long expired(DataSet data, long rows) throws SQLException {
        Sample sample = data.sample();
        long families = Math.max(1, rows / ROWS_A_FAMILY);
        long first = sample.newKind();
        data.store(Columns.AUTHORIZATIONS, each(first, families, n -> sample.root(n, LONG_AGO)));
        data.store(Columns.CODES, each(first, families, n -> expiredCode(sample, n)));
        data.store(Columns.REFRESH_TOKENS, each(first, families, n -> expiredRefreshToken(sample, n)));
        data.store(Columns.ACCESS_TOKENS, each(first, 2 * families, n -> expiredToken(sample, first, n)));
        data.analyze();
        return families * ROWS_A_FAMILY;
    }

    private static AuthorizationCode expiredCode(Sample sample, long root) {
        return sample.code("an-expired-code-" + root, root).toBuilder()
                .expiresAt(EXPIRED)
                .consumedAt(LONG_AGO)
                .createdAt(LONG_AGO)
                .updatedAt(LONG_AGO)
                .build();
    }

    private static RefreshToken expiredRefreshToken(Sample sample, long root) {
        return sample.refreshToken("an-expired-refresh-token-" + root, root).toBuilder()
                .expiresAt(EXPIRED)
                .createdAt(LONG_AGO)
                .updatedAt(LONG_AGO)
                .build();
    }

    private static AccessToken expiredToken(Sample sample, long first, long number) {
        Authorization root = sample.root(first + (number - first) / 2, LONG_AGO);
        return sample.token(number).toBuilder()
                .clientId(root.clientId())
                .userId(root.userId())
                .authorizationId(root.id())
                .expiresAt(EXPIRED)
                .createdAt(LONG_AGO)
                .updatedAt(LONG_AGO)
                .build();
    }

    static <T> Iterator<T> each(long first, long count, LongFunction<T> row) {
        return LongStream.range(first, first + count).mapToObj(row).iterator();
    }
}
