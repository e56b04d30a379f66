package io.qscope.store;

/** How {@link Storage#open} finds an engine: a service in {@code META-INF/services}. */
public interface StorageProvider {

    /** What its URLs start with, up to the first colon: {@code sqlite}. */
    String scheme();

    /**
     * Opens a storage.
     *
     * @param url a whole URL of this scheme
     * @return the storage, which its opener closes
     * @throws IllegalArgumentException when the URL is malformed, saying what is expected
     * @throws StorageException when what it names cannot be used, naming it and the cause; it is left unharmed
     */
    Storage open(String url);
}
