package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.Storage;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.ConfigurationSettingNames;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;

/** Registered clients on a real database. */
class QscopeRegisteredClientRepositoryTest {

    private static final KeyRing RING = KeyRing.of(Key.generate("k1"));
    private static final String BCRYPT = "$2a$10$" + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.";

    @TempDir
    static Path folder;

    private static Storage storage;
    private static QscopeRegisteredClientRepository clients;
    private static QscopeRegisteredClientRepository withKeys;

    @BeforeAll
    static void open() {
        storage = Storage.open("sqlite:" + folder.resolve("clients.db"));
        StorageAccess access = StorageAccess.to(storage);
        clients = new QscopeRegisteredClientRepository(access);
        withKeys = new QscopeRegisteredClientRepository(access, () -> RING);
    }

    @AfterAll
    static void close() {
        storage.close();
    }

    @Test
    void everyFieldAndSettingComesBackEqual() {
        RegisteredClient full = RegisteredClients.full().build();
        clients.save(full);
        assertEqual(clients.findById(full.getId()), full);
        assertEqual(clients.findByClientId(full.getClientId()), full);
    }

    @Test
    void clientWithTheLeastComesBackEqual() {
        RegisteredClient bare = RegisteredClients.bare().build();
        clients.save(bare);
        assertEqual(clients.findById(bare.getId()), bare);
        assertThat(loaded(bare).getClientIdIssuedAt()).isNull();
    }

    /** What a later Spring adds is not in the full client, so this fails until it is. */
    @Test
    void fullClientHasEveryFieldOfTheClass() throws Exception {
        RegisteredClient full = RegisteredClients.full().build();
        RegisteredClient bare = RegisteredClients.bare().build();
        List<String> seen = new ArrayList<>();
        for (Field field : RegisteredClient.class.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                field.setAccessible(true);
                Object value = field.get(full);
                assertThat(value).as(field.getName()).isNotNull().isNotEqualTo(field.get(bare));
                if (value instanceof Collection<?> elements) {
                    assertThat(elements).as(field.getName()).hasSizeGreaterThan(1);
                }
                seen.add(field.getName());
            }
        }
        assertThat(seen).hasSize(13);
    }

    @Test
    void fullClientHasEverySettingThatThereIs() throws Exception {
        RegisteredClient full = RegisteredClients.full().build();
        assertHasAll(
                full.getClientSettings().getSettings(),
                ClientSettings.builder().build().getSettings(),
                ConfigurationSettingNames.Client.class);
        assertHasAll(
                full.getTokenSettings().getSettings(),
                TokenSettings.builder().build().getSettings(),
                ConfigurationSettingNames.Token.class);
    }

    private static void assertHasAll(Map<String, Object> settings, Map<String, Object> defaults, Class<?> names)
            throws Exception {
        List<Field> constants = Arrays.stream(names.getDeclaredFields())
                .filter(field -> Modifier.isPublic(field.getModifiers()))
                .toList();
        assertThat(constants).isNotEmpty();
        for (Field constant : constants) {
            String name = (String) Objects.requireNonNull(constant.get(null));
            assertThat(settings).containsKey(name);
            assertThat(settings.get(name)).as(name).isNotEqualTo(defaults.get(name));
        }
    }

    @Test
    void updateReplacesEverythingTheClientIdToo() {
        RegisteredClient full = RegisteredClients.full().build();
        clients.save(full);
        RegisteredClient other = RegisteredClients.bare()
                .id(full.getId())
                .clientIdIssuedAt(Instant.EPOCH)
                .build();
        clients.save(other);
        assertEqual(clients.findById(full.getId()), other);
        assertThat(clients.findByClientId(full.getClientId())).isNull();
        assertEqual(clients.findByClientId(other.getClientId()), other);
    }

    @Test
    void clientThatWasLoadedIsSavedAgainAndAgain() {
        RegisteredClient full = RegisteredClients.full().build();
        clients.save(full);
        RegisteredClient loaded = loaded(full);
        for (String name : List.of("a", "b", "c")) {
            RegisteredClient changed =
                    RegisteredClient.from(loaded).clientName(name).build();
            clients.save(changed);
            assertEqual(clients.findById(full.getId()), changed);
        }
    }

    @Test
    void absentIsNull() {
        assertThat(clients.findById("none")).isNull();
        assertThat(clients.findByClientId("none")).isNull();
    }

    @Test
    void clientIdOfAnotherIsRefused() {
        RegisteredClient first = RegisteredClients.bare().build();
        RegisteredClient second = RegisteredClients.bare().build();
        clients.save(first);
        clients.save(second);
        RegisteredClient third =
                RegisteredClients.bare().clientId(first.getClientId()).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clients.save(third))
                .withMessageContaining("client identifier");
        RegisteredClient renamed = RegisteredClient.from(loaded(second))
                .clientId(first.getClientId())
                .build();
        assertThatIllegalArgumentException().isThrownBy(() -> clients.save(renamed));
        assertThat(clients.findById(third.getId())).isNull();
        assertEqual(clients.findById(second.getId()), second);
    }

    @Test
    void secretOfAnotherIsRefusedAlsoWhenSealed() {
        for (String secret : List.of("{bcrypt}same", BCRYPT, "in the clear")) {
            RegisteredClient first =
                    RegisteredClients.bare().clientSecret(secret).build();
            withKeys.save(first);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> withKeys.save(
                            RegisteredClients.bare().clientSecret(secret).build()))
                    .withMessageContaining("client secret")
                    .satisfies(e -> assertThat(e.toString()).doesNotContain(secret));
            withKeys.save(first);
        }
    }

    @Test
    void secretInTheClearIsSealedOrRefused() {
        for (String secret : List.of("{noop}hush-1", "hush-2", "{qscope.bare}hush-3", "{}hush-4", "")) {
            RegisteredClient client =
                    RegisteredClients.bare().clientSecret(secret).build();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> clients.save(client))
                    .withMessageContaining("clientSecret")
                    .withMessageNotContaining("hush");
            withKeys.save(client);
            assertEqual(withKeys.findById(client.getId()), client);
            assertThat(Objects.requireNonNull(row(client).clientSecret()).value())
                    .startsWith("{qscope.sealed}v1.k1.")
                    .doesNotContain("hush");
            assertThat(clients.findById(client.getId())).isNull();
        }
    }

    @Test
    void bareHashIsNoSecretInTheClear() {
        RegisteredClient client = RegisteredClients.bare()
                .clientSecret(BCRYPT.replace("$10$", "$12$"))
                .build();
        clients.save(client);
        assertEqual(clients.findById(client.getId()), client);
    }

    @Test
    void deviceGrantNeedsKeys() {
        RegisteredClient client = RegisteredClients.bare()
                .authorizationGrantType(AuthorizationGrantType.DEVICE_CODE)
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clients.save(client))
                .withMessageContaining("qscope.keys-file");
        withKeys.save(client);
        assertEqual(withKeys.findById(client.getId()), client);
        assertThat(row(client).config().deviceCodeTtl())
                .isEqualTo(client.getTokenSettings().getDeviceCodeTimeToLive());
    }

    @Test
    void whatCannotBeStoredIsRefusedByItsName() {
        assertRefused(RegisteredClients.bare().id("x".repeat(101)), "id");
        assertRefused(RegisteredClients.bare().clientId("x".repeat(256)), "clientIdentifier");
        assertRefused(RegisteredClients.bare().scopes(scopes -> scopes.add(null)), "scopes");
        assertRefused(RegisteredClients.bare().redirectUri("https://a.example/" + "x".repeat(2_000)), "redirectUris");
        assertRefused(
                RegisteredClients.bare()
                        .clientSettings(ClientSettings.builder()
                                .setting("my.setting", new Object())
                                .build()),
                "my.setting");
        assertRefused(
                RegisteredClients.bare()
                        .tokenSettings(TokenSettings.builder()
                                .setting("my.tokens", new Object())
                                .build()),
                "my.tokens");
    }

    private static void assertRefused(RegisteredClient.Builder builder, String name) {
        RegisteredClient client = builder.build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clients.save(client))
                .withMessageContaining(name);
        assertThat(clients.findByClientId(client.getClientId())).isNull();
    }

    @Test
    void slowerWriterDoesNotOverwriteWhatItHasNotSeen() {
        RegisteredClient client = RegisteredClients.full().build();
        clients.save(client);
        RegisteredClient first = loaded(client);
        RegisteredClient second = loaded(client);
        clients.save(RegisteredClient.from(first).clientName("first").build());
        RegisteredClient late =
                RegisteredClient.from(second).clientName("second").build();
        assertThatIllegalStateException().isThrownBy(() -> clients.save(late));
        assertThat(loaded(client).getClientName()).isEqualTo("first");
    }

    /** What Spring does when a client authenticates whose secret wants another encoding. */
    @Test
    void newEncodingOfASecretThatCameLateIsLeftOut() {
        RegisteredClient client = RegisteredClients.full().build();
        clients.save(client);
        RegisteredClient slow = loaded(client);
        clients.save(RegisteredClient.from(loaded(client))
                .clientSecret("{bcrypt}changed by an operator")
                .build());
        clients.save(RegisteredClient.from(slow)
                .clientSecret("{bcrypt}the old one, encoded anew")
                .build());
        assertThat(loaded(client).getClientSecret()).isEqualTo("{bcrypt}changed by an operator");
    }

    @Test
    void ofEqualClientIdsThatAreSavedAtOnceOneIsStored() {
        for (int round = 0; round < 20; round++) {
            String clientId = RegisteredClients.bare().build().getClientId();
            List<CompletableFuture<Boolean>> racers = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                        try {
                            clients.save(
                                    RegisteredClients.bare().clientId(clientId).build());
                            return true;
                        } catch (IllegalArgumentException duplicate) {
                            return false;
                        }
                    }))
                    .toList();
            assertThat(racers.stream().filter(CompletableFuture::join)).hasSize(1);
        }
    }

    @Test
    void savesOfOneClientAtOnceAllSucceedAndOneStays() {
        RegisteredClient client = RegisteredClients.bare().build();
        List<String> names = Stream.of("a", "b", "c", "d").toList();
        CompletableFuture.allOf(names.stream()
                        .map(name -> CompletableFuture.runAsync(() -> clients.save(
                                RegisteredClient.from(client).clientName(name).build())))
                        .toArray(CompletableFuture[]::new))
                .join();
        assertThat(loaded(client).getClientName()).isIn(names);
    }

    @Test
    void disabledClientIsNotFound() {
        RegisteredClient client = RegisteredClients.bare().build();
        clients.save(client);
        update(row(client).toBuilder().isEnabled(false).build());
        assertThat(clients.findById(client.getId())).isNull();
        assertThat(clients.findByClientId(client.getClientId())).isNull();
        clients.save(client);
        assertThat(clients.findById(client.getId())).isNull();
    }

    @Test
    void damagedClientIsNotFoundAndTheRestIs() {
        RegisteredClient damaged = RegisteredClients.full().build();
        RegisteredClient whole = RegisteredClients.full().build();
        clients.save(damaged);
        clients.save(whole);
        for (Map<String, Object> metadata : List.<Map<String, Object>>of(
                Map.of(),
                Map.of("spring", 5),
                Map.of("spring", "9:[]"),
                Map.of("spring", "1:[\"map\"]"),
                Map.of("spring", "1:[\"map\",\"clientName\",[\"int\",\"5\"]]"))) {
            OAuthClient row = row(damaged);
            update(row.toBuilder()
                    .config(row.config().toBuilder().metadata(metadata).build())
                    .build());
            assertThat(clients.findById(damaged.getId())).as("%s", metadata).isNull();
        }
        assertEqual(clients.findById(whole.getId()), whole);
        clients.save(damaged);
        assertEqual(clients.findById(damaged.getId()), damaged);
    }

    @Test
    void rowTellsWhatItHasFieldsFor() {
        RegisteredClient full = RegisteredClients.full().build();
        clients.save(full);
        OAuthClient row = row(full);
        assertThat(row.redirectUris()).containsExactlyInAnyOrderElementsOf(full.getRedirectUris());
        assertThat(row.scopes()).isEqualTo(full.getScopes());
        assertThat(row.isConfidential()).isTrue();
        assertThat(row.config().requirePkce()).isFalse();
        assertThat(row.config().authorizationCodeTtl().toSeconds()).isEqualTo(61);
        assertThat(row.config().accessTokenTtl().toSeconds()).isEqualTo(Integer.MAX_VALUE);
        RegisteredClient open = RegisteredClients.bare()
                .clientAuthenticationMethod(ClientAuthenticationMethod.NONE)
                .build();
        clients.save(open);
        assertThat(row(open).isConfidential()).isFalse();
    }

    private static void assertEqual(@org.jspecify.annotations.Nullable RegisteredClient found, RegisteredClient saved) {
        assertThat(found).isNotSameAs(saved).isEqualTo(saved).hasSameHashCodeAs(saved);
        assertThat(found).usingRecursiveComparison().isEqualTo(saved);
    }

    private static RegisteredClient loaded(RegisteredClient client) {
        return Objects.requireNonNull(clients.findById(client.getId()));
    }

    private static OAuthClient row(RegisteredClient client) {
        return storage.clients().getById(client.getId(), RayId.random()).join().orElseThrow();
    }

    private static void update(OAuthClient row) {
        storage.clients().update(row, RayId.random()).join();
    }
}
