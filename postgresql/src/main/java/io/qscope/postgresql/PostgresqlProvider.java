package io.qscope.postgresql;

import io.qscope.store.Migration;
import io.qscope.store.MigrationScript;
import io.qscope.store.Storage;
import io.qscope.store.StorageOptions;
import io.qscope.store.StorageProvider;
import java.util.List;

/** Opens {@code postgresql://user@host:5432/database}; see {@link PostgresqlStorage#builder(String)}. */
public final class PostgresqlProvider implements StorageProvider {

    @Override
    public String scheme() {
        return "postgresql";
    }

    @Override
    public Storage open(String url, StorageOptions options) {
        PostgresqlStorage.Builder settings = PostgresqlStorage.builder(url);
        options.keys().ifPresent(settings::keys);
        options.listener().ifPresent(settings::listener);
        return settings.open();
    }

    @Override
    public List<MigrationScript> pendingMigrations(String url) {
        return new PostgresqlOpening(PostgresqlStorage.builder(url)).pending();
    }

    @Override
    public Migration runMigrations(String url) {
        return new PostgresqlOpening(PostgresqlStorage.builder(url)).migrate();
    }
}
