package io.qscope.spring;

import io.qscope.key.KeyRing;
import io.qscope.store.MigrationScript;
import io.qscope.store.Storage;
import io.qscope.store.StorageException;
import io.qscope.store.StorageListener;
import io.qscope.store.StorageOptions;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes of the settings what they name, or says what is wrong with them. */
final class StorageOpening {

    private static final String FORMS = "sqlite:path, such as sqlite:qscope.db; postgresql://user@host/database; or"
            + " memory: for tests, which is empty after each start";

    private final QscopeProperties properties;

    StorageOpening(QscopeProperties properties) {
        this.properties = properties;
    }

    /**
     * The key ring that the settings name; empty when they name none.
     *
     * @throws QscopeSetupException when it cannot be read, is none, or is missing where it is needed
     */
    Optional<Supplier<KeyRing>> keys(@Nullable KeyRingSource source) {
        boolean named = properties.keys() != null || properties.keysFile() != null;
        if ((source != null && named) || (properties.keys() != null && properties.keysFile() != null)) {
            throw new QscopeSetupException(
                    "There is more than one key ring: of qscope.keys-file, qscope.keys and a bean of the type KeyRingSource.",
                    "Keep one of them.",
                    null);
        }
        if (source != null) {
            return Optional.of(source);
        }
        Optional<KeyRing> ring = readRing();
        if (ring.isEmpty() && (properties.sealAttributes() || properties.keyedTokens())) {
            throw new QscopeSetupException(
                    (properties.sealAttributes() ? "qscope.seal-attributes" : "qscope.keyed-tokens")
                            + " is set, and there is no key ring.",
                    "Make one with \"qscope key generate\" and name its file by qscope.keys-file. Every process of the"
                            + " deployment needs the same ring, and what is sealed is lost without it.",
                    null);
        }
        return ring.map(fixed -> () -> fixed);
    }

    private Optional<KeyRing> readRing() {
        try {
            if (properties.keysFile() != null) {
                return Optional.of(KeyRing.fromFile(properties.keysFile()));
            }
            String text = properties.keys();
            return text == null || text.isBlank() ? Optional.empty() : Optional.of(KeyRing.parse(text));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new QscopeSetupException(
                    "The key ring cannot be read: " + e.getMessage(),
                    "A key ring is a line \"id base64\" a key, of at least 32 bytes, the writing one first;"
                            + " \"qscope key generate\" makes one. The process has to be able to read it.",
                    e);
        }
    }

    /**
     * Opens the storage.
     *
     * @throws QscopeSetupException when its URL is missing or wrong, its schema is not of this release, or it is out of reach
     */
    Storage storage(@Nullable Supplier<KeyRing> keys, @Nullable StorageListener listener) {
        String url = properties.storage();
        if (url == null || url.isBlank()) {
            throw new QscopeSetupException(
                    "qscope-spring is on the class path, and qscope.storage does not say where to store.",
                    "Set qscope.storage to " + FORMS + "; or set qscope.enabled=false.",
                    null);
        }
        StorageOptions options = keys == null ? StorageOptions.none() : StorageOptions.with(keys);
        try {
            if (properties.migrate()) {
                Storage.runMigrations(url);
            }
            return Storage.open(url, listener == null ? options : options.listener(listener));
        } catch (IllegalArgumentException e) {
            throw new QscopeSetupException(
                    "qscope.storage is no URL of a storage: " + e.getMessage(), "Set it to " + FORMS + ".", e);
        } catch (StorageException e) {
            throw refused(url, e);
        }
    }

    private static QscopeSetupException refused(String url, StorageException cause) {
        String problem = "The storage cannot be opened: " + cause.getMessage();
        if (pending(url).isEmpty()) {
            return new QscopeSetupException(
                    problem,
                    "Check qscope.storage, that the database is up, and that its user may do what qscope does"
                            + " (docs/postgresql.md).",
                    cause);
        }
        return new QscopeSetupException(
                problem,
                "Run \"qscope migrate\" on it as the user that owns the schema; or set qscope.migrate=true, if the"
                        + " application's own user may change the schema.",
                cause);
    }

    private static List<MigrationScript> pending(String url) {
        try {
            return Storage.pendingMigrations(url);
        } catch (StorageException alsoRefused) {
            return List.of();
        }
    }
}
