package io.qscope.sqlite;

import io.qscope.model.AccessToken;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.Storage;
import io.qscope.tck.Rows;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection by hand, beside the engine's, and answers awaited. */
final class Sqlite {

    private Sqlite() {}

    static Connection connect(Path file) throws SQLException {
        // As a URI, since the driver probes a plain name by Java's own I/O.
        return DriverManager.getConnection("jdbc:sqlite:file:" + file.toUri().getRawPath());
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static List<String> ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(String.valueOf(rows.getString(1)));
            }
            return found;
        }
    }

    static RayId ray() {
        return RayId.random();
    }

    static <R> R await(CompletableFuture<R> future) {
        return future.orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** What the call failed with; none when it succeeded. */
    static @Nullable Throwable failure(CompletableFuture<?> future) {
        try {
            await(future);
            return null;
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    static <R> R uncheck(Callable<R> call) {
        try {
            return call.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static Rows rows(Storage storage) {
        return new Rows(storage, new Random());
    }

    static OAuthClient storedClient(Storage storage) {
        OAuthClient client = rows(storage).client();
        await(storage.clients().insert(client, ray()));
        return client;
    }

    static boolean isStored(Storage storage, AccessToken token) {
        return await(storage.accessTokens().getByToken(token.token(), ray())).isPresent();
    }
}
