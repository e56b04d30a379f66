package io.qscope.memory;

import io.qscope.store.MigrationScript;
import io.qscope.store.Storage;
import io.qscope.store.StorageOptions;
import io.qscope.store.StorageProvider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code memory:} is a storage of its own; {@code memory:name} is shared by all that open it within this JVM, until the last
 * of them is closed, when its data is gone.
 */
public final class MemoryProvider implements StorageProvider {

    private static final Pattern URL = Pattern.compile("memory:([A-Za-z0-9._-]{0,100})");

    /** Guards itself: opening and closing are rare. */
    private static final Map<String, Shared> SHARED = new HashMap<>();

    private static final class Shared {
        private final MemoryData data = new MemoryData();
        private int storages;
    }

    /** For {@link java.util.ServiceLoader}. */
    public MemoryProvider() {}

    @Override
    public String scheme() {
        return "memory";
    }

    @Override
    public Storage open(String url, StorageOptions options) {
        String name = nameIn(url);
        return name.isEmpty() ? MemoryStorage.open(options) : openShared(name, options);
    }

    /** None: memory has no schema. */
    @Override
    public List<MigrationScript> pendingMigrations(String url) {
        nameIn(url);
        return List.of();
    }

    private static String nameIn(String url) {
        Matcher matcher = URL.matcher(url);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "a memory URL is memory: or memory:name, and the name at most 100 of" + " A-Z a-z 0-9 . _ -");
        }
        return matcher.group(1);
    }

    private static Storage openShared(String name, StorageOptions options) {
        synchronized (SHARED) {
            Shared shared = SHARED.computeIfAbsent(name, none -> new Shared());
            shared.storages++;
            return MemoryStorage.openOn(shared.data, options, () -> release(name, shared));
        }
    }

    private static void release(String name, Shared shared) {
        synchronized (SHARED) {
            shared.storages--;
            if (shared.storages == 0) {
                SHARED.remove(name);
            }
        }
    }
}
