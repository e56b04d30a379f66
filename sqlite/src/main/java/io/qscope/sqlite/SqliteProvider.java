package io.qscope.sqlite;

import io.qscope.store.MigrationScript;
import io.qscope.store.Storage;
import io.qscope.store.StorageOptions;
import io.qscope.store.StorageProvider;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Opens {@code sqlite:path}, the path absolute or from the current folder, as it is: nothing in it is escaped. */
public final class SqliteProvider implements StorageProvider {

    private static final String FORM = "a SQLite storage's URL is sqlite:path, such as sqlite:qscope.db";

    @Override
    public String scheme() {
        return "sqlite";
    }

    @Override
    public Storage open(String url, StorageOptions options) {
        SqliteStorage.Builder settings = builder(url);
        options.keys().ifPresent(settings::keys);
        options.listener().ifPresent(settings::listener);
        return settings.open();
    }

    /** As SQLite reads any database: what a killed process left in the log is still there, or in the database, afterwards. */
    @Override
    public List<MigrationScript> pendingMigrations(String url) {
        return new SqliteOpening(builder(url)).pending();
    }

    private SqliteStorage.Builder builder(String url) {
        String path = url.substring(scheme().length() + 1);
        if (path.isBlank()) {
            throw new IllegalArgumentException(FORM + "; this one names no file");
        }
        try {
            return SqliteStorage.builder(Path.of(path));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(FORM + "; this one's path is none: " + e.getReason(), e);
        }
    }
}
