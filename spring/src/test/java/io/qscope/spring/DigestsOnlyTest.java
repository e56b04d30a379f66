package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationConsentAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2DeviceAuthorizationRequestAuthenticationToken;

/** What whoever has the database finds of codes, tokens and users. */
class DigestsOnlyTest {

    private static final Pattern COMPRESSED = Pattern.compile("1z:([A-Za-z0-9+/]+)");

    private final Path directory = TestEngine.newFile();
    private final String url = "sqlite:" + directory.resolve("qscope.db");

    @Test
    void noValueOfACodeOrTokenIsInTheDatabase() throws Exception {
        Set<String> secrets = new HashSet<>();
        try (TestServer server = new TestServer(TestEngine.open(url), false, true)) {
            String state = ((OAuth2AuthorizationConsentAuthenticationToken) server.authorize(Map.of())).getState();
            String code = server.consented(state);
            OAuth2AccessTokenAuthenticationToken first = server.redeem(code);
            OAuth2AccessTokenAuthenticationToken second = server.refresh(TestServer.refreshTokenOf(first));
            OAuth2DeviceAuthorizationRequestAuthenticationToken device = server.deviceRequest();
            server.verify(TestServer.userCodeOf(device), "alice");
            OAuth2AccessTokenAuthenticationToken ofDevice = server.deviceToken(TestServer.deviceCodeOf(device));
            String requestUri = server.pushed();
            String pushed = requestUri.substring(requestUri.lastIndexOf(':') + 1);
            secrets.addAll(List.of(state, code, pushed, TestServer.userCodeOf(device)));
            secrets.add(TestServer.deviceCodeOf(device));
            for (OAuth2AccessTokenAuthenticationToken tokens : List.of(first, second, ofDevice)) {
                secrets.add(TestServer.accessTokenOf(tokens));
                secrets.add(TestServer.refreshTokenOf(tokens));
            }
            server.service.save(FullAuthorization.of(server.client));
            secrets.addAll(FullAuthorization.VALUES);
            secrets.add(FullAuthorization.STATE);
            assertThat(secrets).hasSize(18);
            assertAbsent(secrets);
        }
        assertAbsent(secrets);
        assertThat(find("alice")).isNotEmpty();
    }

    @Test
    void sealedAttributesAndClaimsAreNotReadableWithoutTheKeys() throws Exception {
        KeyRing keys = KeyRing.of(Key.generate("first"));
        OAuth2Authorization full;
        try (TestServer server = TestServer.rotating(TestEngine.open(url))) {
            full = FullAuthorization.of(server.client);
            QscopeAuthorizationService sealing = new QscopeAuthorizationService(
                    StorageAccess.to(server.storage), server.clients, () -> keys, new JacksonPrincipalCodec(), true);
            sealing.save(full);
            assertThat(Alike.differences(full, sealing.findById(full.getId()))).isEmpty();
            assertThat(find("ROLE_USER")).isEmpty();
            assertThat(find("thumbprint")).isEmpty();
            KeyRing rotated = keys.writingWith(Key.generate("second"));
            QscopeAuthorizationService plain =
                    new QscopeAuthorizationService(StorageAccess.to(server.storage), server.clients, () -> rotated);
            assertThat(Alike.differences(full, plain.findById(full.getId()))).isEmpty();
            KeyRing without = KeyRing.of(Key.generate("second"));
            QscopeAuthorizationService blind =
                    new QscopeAuthorizationService(StorageAccess.to(server.storage), server.clients, () -> without);
            assertThat(blind.findById(full.getId())).isNull();
        }
    }

    @Test
    void aDamagedRowTakesOneAuthorizationAndNoOther() throws Exception {
        try (TestServer server = TestServer.rotating(TestEngine.open(url))) {
            List<OAuth2AccessTokenAuthenticationToken> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                answers.add(server.redeem(server.code()));
            }
            damage(
                    "UPDATE oauth_authorizations SET attributes = '{\"grant_type\":\"x\"}' WHERE id = ?",
                    0,
                    answers,
                    server);
            damage("UPDATE oauth_access_tokens SET metadata = '{}' WHERE authorization_id = ?", 1, answers, server);
            damage("UPDATE oauth_refresh_tokens SET metadata = '[]' WHERE authorization_id = ?", 2, answers, server);
            for (int i = 0; i < 3; i++) {
                assertThat(server.service.findByToken(TestServer.accessTokenOf(answers.get(i)), null))
                        .isNull();
            }
            assertThat(server.isActive(TestServer.accessTokenOf(answers.get(3))))
                    .isTrue();
        }
    }

    private void damage(String update, int which, List<OAuth2AccessTokenAuthenticationToken> answers, TestServer server)
            throws SQLException {
        String id = server.found(TestServer.accessTokenOf(answers.get(which))).getId();
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(update)) {
            statement.setString(1, id);
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("qscope.db"));
    }

    private void assertAbsent(Set<String> secrets) throws Exception {
        for (String secret : secrets) {
            assertThat(find(secret)).isEmpty();
        }
    }

    /** Where a text is: files, and columns of tables, whose text may be compressed. */
    private List<String> find(String text) throws Exception {
        List<String> places = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) {
                    places.add(file.toString());
                }
            }
        }
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String table : tables(connection)) {
                try (ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
                    while (rows.next()) {
                        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                            String value = rows.getString(i);
                            if (value != null && withInflated(value).contains(text)) {
                                places.add(table + "." + rows.getMetaData().getColumnName(i));
                            }
                        }
                    }
                }
            }
        }
        return places;
    }

    private static String withInflated(String value) throws Exception {
        StringBuilder all = new StringBuilder(value);
        Matcher compressed = COMPRESSED.matcher(value);
        while (compressed.find()) {
            byte[] bytes = Base64.getDecoder().decode(compressed.group(1));
            try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes), new Inflater(true))) {
                all.append(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
            }
        }
        return all.toString();
    }

    private static List<String> tables(Connection connection) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet names = statement.executeQuery("SELECT name FROM sqlite_master WHERE type = 'table'")) {
            while (names.next()) {
                tables.add(names.getString(1));
            }
        }
        return tables;
    }
}
