package io.qscope.sqlite;

import io.qscope.store.Storage;
import io.qscope.store.StorageOptions;
import io.qscope.store.StorageProvider;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Opens {@code sqlite:path}, the path absolute or from the current folder, as it is: nothing in it is escaped. */
public final class SqliteProvider implements StorageProvider {

    private static final String FORM = "a SQLite storage's URL is sqlite:path, such as sqlite:qscope.db";

    @Override
    public String scheme() {
        return "sqlite";
    }

    @Override
    public Storage open(String url, StorageOptions options) {
        String path = url.substring(scheme().length() + 1);
        if (path.isBlank()) {
            throw new IllegalArgumentException(FORM + "; this one names no file");
        }
        try {
            SqliteStorage.Builder settings = SqliteStorage.builder(Path.of(path));
            options.keys().ifPresent(settings::keys);
            return settings.open();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(FORM + "; this one's path is none: " + e.getReason(), e);
        }
    }
}
