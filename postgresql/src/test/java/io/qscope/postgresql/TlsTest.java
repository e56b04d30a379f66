package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.tck.Rows;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections are encrypted, and the server is who it says, whichever of the two drivers asks. */
@Timeout(120)
class TlsTest {

    /** Of key stores that live as long as the test. */
    private static final char[] OPENS_NOTHING_ELSE = "changeit".toCharArray();

    @TempDir
    static Path folder;

    private static EmbeddedPostgres server;

    @BeforeAll
    static void startServer() throws Exception {
        certificate("server");
        certificate("stranger");
        server = EmbeddedPostgres.builder()
                .setServerConfig("ssl", "on")
                .setServerConfig("ssl_cert_file", folder.resolve("server.pem").toString())
                .setServerConfig("ssl_key_file", folder.resolve("server.key").toString())
                .start();
        PostgresqlStorage.builder(url("localhost", "sslmode=require"))
                .migrating(true)
                .open()
                .close();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    /** Made by itself, for the name localhost alone. */
    private static void certificate(String name) throws Exception {
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "RSA",
                        "-alias",
                        name,
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(OPENS_NOTHING_ELSE))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, OPENS_NOTHING_ELSE);
        }
        write(name + ".pem", "CERTIFICATE", keys.getCertificate(name).getEncoded());
        write(
                name + ".key",
                "PRIVATE KEY",
                keys.getKey(name, OPENS_NOTHING_ELSE).getEncoded());
    }

    private static void write(String file, String what, byte[] content) throws IOException {
        String text = "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + what
                + "-----\n";
        Path written = Files.writeString(folder.resolve(file), text);
        Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-------"));
    }

    private static String url(String host, String options) {
        return "postgresql://postgres@" + host + ":" + server.getPort() + "/postgres?" + options;
    }

    private static String trusting(String name) {
        return "sslrootcert=" + folder.resolve(name + ".pem");
    }

    private static void assertWorks(Storage storage) throws Exception {
        try (storage) {
            OAuthClient client = new Rows(storage, new Random()).storedClient();
            assertThat(storage.clients().getById(client.id(), RayId.random()).get(10, TimeUnit.SECONDS))
                    .contains(client);
        }
    }

    @Test
    void aServerOfATrustedAuthorityIsTalkedToEncrypted() throws Exception {
        assertWorks(Storage.open(url("localhost", trusting("server"))));
        try (Storage storage = Storage.open(url("localhost", trusting("server")))) {
            assertThat(storage.health(RayId.random()).get(10, TimeUnit.SECONDS).engine())
                    .startsWith("PostgreSQL");
            try (var connection = server.getPostgresDatabase().getConnection();
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity"
                            + " USING (pid) WHERE application_name = 'qscope'")) {
                rows.next();
                assertThat(rows.getBoolean(1)).isTrue();
            }
        }
    }

    /** As an operator has it whose authority the JVM knows: here by the JVM's own setting. */
    @Test
    void whatTheJvmTrustsIsTrusted() throws Exception {
        String before = System.getProperty("javax.net.ssl.trustStore");
        System.setProperty(
                "javax.net.ssl.trustStore", folder.resolve("server.p12").toString());
        System.setProperty("javax.net.ssl.trustStorePassword", new String(OPENS_NOTHING_ELSE));
        try {
            assertWorks(Storage.open(url("localhost", "sslmode=verify-full")));
        } finally {
            if (before == null) {
                System.clearProperty("javax.net.ssl.trustStore");
            } else {
                System.setProperty("javax.net.ssl.trustStore", before);
            }
            System.clearProperty("javax.net.ssl.trustStorePassword");
        }
    }

    @Test
    void aServerOfAnotherAuthorityIsRefused() {
        assertThatThrownBy(() -> Storage.open(url("localhost", trusting("stranger"))))
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("certificate");
    }

    @Test
    void aServerOfAnotherNameIsRefused() {
        assertThatThrownBy(() -> Storage.open(url("127.0.0.1", trusting("server"))))
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("certificate");
    }

    @Test
    void encryptionAloneMayBeAskedFor() throws Exception {
        assertWorks(Storage.open(url("127.0.0.1", "sslmode=require")));
    }
}
