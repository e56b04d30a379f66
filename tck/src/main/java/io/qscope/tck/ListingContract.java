package io.qscope.tck;

import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.Consent;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.Row;
import io.qscope.store.AuthorizationTable;
import io.qscope.store.InvalidRowException;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import io.qscope.store.Storage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What listings promise: keyset pages, each row once, in order. */
abstract class ListingContract extends ContractGroup {

    private static final Comparator<String> BYTE_ORDER = (left, right) ->
            Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));

    ListingContract(StorageContract kit) {
        super(kit);
    }

    @Test
    void clientsAreListedById() {
        Storage own = empty();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ids.add(rows(own).storedClient().id());
        }

        List<OAuthClient> listed = walk(3, page -> own.clients().list(page, ray()));

        assertThat(listed.stream().map(OAuthClient::id)).containsExactlyElementsOf(sorted(ids));
    }

    @Test
    void anEmptyTableHasOneEmptyPage() {
        Slice<OAuthClient> page = await(empty().clients().list(Page.first(5), ray()));

        assertThat(page.rows()).isEmpty();
        assertThat(page.next()).isNull();
        assertThat(page.nextPage(5)).isEmpty();
    }

    @Test
    void authorizationsAreListedByClientRevokedOnesToo() {
        OAuthClient client = rows().storedClient();
        List<Authorization> mine = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            mine.add(rows().stored(rows().authorization(client)));
        }
        mine.add(rows().stored(
                        rows().authorization(client).toBuilder().revokedAt(NOW).build()));
        rows().storedAuthorization();

        List<Authorization> listed = walk(2, page -> roots().listByClient(client.id(), page, ray()));

        assertThat(listed).containsExactlyElementsOf(byId(mine));
    }

    @Test
    void authorizationsAreListedByUserRevokedOnesToo() {
        String user = rows().user();
        List<Authorization> theirs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            theirs.add(rows().stored(rows().authorization(rows().storedClient()).toBuilder()
                    .userId(user)
                    .revokedAt(i == 0 ? NOW : null)
                    .build()));
        }
        rows().storedAuthorization();

        List<Authorization> listed = walk(3, page -> roots().listByUser(user, page, ray()));

        assertThat(listed).containsExactlyElementsOf(byId(theirs));
    }

    @ParameterizedTest
    @MethodSource("io.qscope.tck.TableCase#children")
    <T extends Row> void aFamilyIsListedByItsRootDeadOnesToo(TableCase<T> table) {
        T first = table.fresh().apply(rows());
        List<T> family = new ArrayList<>(List.of(first));
        for (int i = 0; i < 4; i++) {
            family.add(table.sibling(first, rows()));
        }
        T elsewhere = table.fresh().apply(rows());
        for (T row : family) {
            await(table.in(storage()).insert(row, ray()));
        }
        await(table.in(storage()).insert(elsewhere, ray()));
        String root = String.valueOf(RecordFields.get(first, "authorizationId"));

        List<T> listed = walk(2, page -> table.inFamilies(storage()).listByAuthorization(root, page, ray()));
        await(roots().revoke(root, attempt(NOW), ray()));
        List<T> dead = walk(3, page -> table.inFamilies(storage()).listByAuthorization(root, page, ray()));

        List<T> stored = byId(family.stream().map(table::inserted).toList());
        assertThat(listed).containsExactlyElementsOf(stored);
        assertThat(dead)
                .containsExactlyElementsOf(stored.stream()
                        .map(row -> RecordFields.with(row, "authorizationRevokedAt", NOW))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("io.qscope.tck.TableCase#children")
    <T extends Row> void nobodysFamilyIsEmpty(TableCase<T> table) {
        assertThat(await(table.inFamilies(storage()).listByAuthorization(rows().id(), Page.first(10), ray()))
                        .rows())
                .isEmpty();
    }

    @Test
    void consentsAreListedByUserRevokedOnesToo() {
        String user = rows().user();
        List<Consent> theirs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            theirs.add(rows().stored(rows().consent(rows().storedClient()).toBuilder()
                    .userId(user)
                    .revokedAt(i == 0 ? NOW : null)
                    .build()));
        }
        rows().storedConsent();

        List<Consent> listed = walk(2, page -> storage().consents().listByUser(user, page, ray()));

        assertThat(listed).containsExactlyElementsOf(byId(theirs));
    }

    @Test
    void nobodysListingIsEmpty() {
        assertThat(await(roots().listByClient(rows().id(), Page.first(10), ray()))
                        .rows())
                .isEmpty();
        assertThat(await(roots().listByUser(rows().user(), Page.first(10), ray()))
                        .rows())
                .isEmpty();
        assertThat(await(storage().consents().listByUser(rows().user(), Page.first(10), ray()))
                        .rows())
                .isEmpty();
        assertThat(await(storage().auditLog().byRay(new RayId(rows().id()), Page.first(10), ray()))
                        .rows())
                .isEmpty();
    }

    @Test
    void aPageOfExactlyAllRowsIsTheLast() {
        OAuthClient client = rows().storedClient();
        for (int i = 0; i < 3; i++) {
            rows().stored(rows().authorization(client));
        }

        assertThat(walk(3, page -> roots().listByClient(client.id(), page, ray())))
                .hasSize(3);
        assertThat(await(roots().listByClient(client.id(), Page.first(Page.MOST), ray()))
                        .next())
                .isNull();
    }

    @Test
    void idsAreOrderedByTheirBytes() {
        OAuthClient client = rows().storedClient();
        String prefix = rows().id();
        List<String> ids = new ArrayList<>();
        for (String end :
                List.of("a", "B", "b", "_", "10", "9", "\u00e9", "e", "\uffee", "\ud83d\ude00", "'", "%", "\\")) {
            ids.add(prefix + end);
            rows().stored(rows().authorization(client).toBuilder()
                    .id(prefix + end)
                    .build());
        }

        List<Authorization> listed = walk(2, page -> roots().listByClient(client.id(), page, ray()));

        assertThat(listed.stream().map(Authorization::id)).containsExactlyElementsOf(sorted(ids));
    }

    @Test
    void rowsThatComeOrGoElsewhereNeitherRepeatNorSkipAny() {
        OAuthClient client = rows().storedClient();
        String prefix = rows().id();
        for (String end : List.of("b", "d", "f", "h")) {
            rows().stored(rows().authorization(client).toBuilder()
                    .id(prefix + end)
                    .build());
        }
        Slice<Authorization> first = await(roots().listByClient(client.id(), Page.first(2), ray()));
        rows().stored(rows().authorization(client).toBuilder().id(prefix + "a").build());
        await(roots().deleteById(prefix + "b", ray()));
        await(roots().deleteById(prefix + "d", ray()));

        Slice<Authorization> second =
                await(roots().listByClient(client.id(), first.nextPage(2).orElseThrow(), ray()));

        assertThat(second.rows().stream().map(Authorization::id)).containsExactly(prefix + "f", prefix + "h");
    }

    @Test
    void auditEntriesOfARayAreListedByTimeThenId() {
        RayId wanted = new RayId(rows().id());
        List<AuditLog> entries = new ArrayList<>();
        for (int millis : new int[] {2, 0, 1, 1, 1, 0}) {
            entries.add(rows().stored(rows().auditLog().toBuilder()
                    .rayId(wanted)
                    .createdAt(NOW.plusMillis(millis))
                    .build()));
        }
        rows().storedAuditLog();

        List<AuditLog> listed = walk(2, page -> storage().auditLog().byRay(wanted, page, ray()));

        assertThat(listed.stream().map(AuditLog::id))
                .containsExactlyElementsOf(
                        byTimeThenId(entries).stream().map(AuditLog::id).toList());
    }

    @Test
    void auditEntriesOfATimeAreThoseFromItsStartUntilBeforeItsEnd() {
        Storage own = empty();
        List<AuditLog> entries = new ArrayList<>();
        for (int millis = -1; millis <= 3; millis++) {
            for (int twin = 0; twin < 2; twin++) {
                entries.add(rows(own)
                        .stored(rows(own).auditLog().toBuilder()
                                .createdAt(NOW.plusMillis(millis))
                                .build()));
            }
        }

        List<AuditLog> listed = walk(3, page -> own.auditLog().page(NOW, NOW.plusMillis(3), page, ray()));

        assertThat(listed.stream().map(AuditLog::id))
                .containsExactlyElementsOf(byTimeThenId(entries.subList(2, 8)).stream()
                        .map(AuditLog::id)
                        .toList());
        assertThat(await(own.auditLog().page(NOW, NOW, Page.first(5), ray())).rows())
                .isEmpty();
        assertThat(await(own.auditLog().page(NOW.plusMillis(1), NOW, Page.first(5), ray()))
                        .rows())
                .isEmpty();
    }

    @Test
    void anAuditPageAfterNonsenseIsRefused() {
        Page nonsense = new Page("nonsense", 5);

        failure(InvalidRowException.class, ray -> storage().auditLog().byRay(new RayId("r"), nonsense, ray));
        failure(InvalidRowException.class, ray -> storage().auditLog().page(NOW, NOW.plusMillis(1), nonsense, ray));
        failure(InvalidRowException.class, ray -> storage().auditLog().chained(nonsense, ray));
    }

    private AuthorizationTable roots() {
        return storage().authorizations();
    }

    /** All rows of a listing; checks that each page but the last is full and that none but the last lacks a next. */
    private static <T> List<T> walk(int size, Function<Page, CompletableFuture<Slice<T>>> listing) {
        List<T> rows = new ArrayList<>();
        Page page = Page.first(size);
        while (page != null) {
            Slice<T> slice = await(listing.apply(page));
            assertThat(slice.rows()).hasSizeLessThanOrEqualTo(size);
            page = slice.nextPage(size).orElse(null);
            if (page != null) {
                assertThat(slice.rows()).as("a page that is not the last").hasSize(size);
            }
            rows.addAll(slice.rows());
        }
        return rows;
    }

    private static List<String> sorted(List<String> ids) {
        List<String> sorted = new ArrayList<>(ids);
        sorted.sort(BYTE_ORDER);
        return Collections.unmodifiableList(sorted);
    }

    private static <T extends Row> List<T> byId(List<T> rows) {
        return rows.stream().sorted(Comparator.comparing(Row::id, BYTE_ORDER)).toList();
    }

    private static List<AuditLog> byTimeThenId(List<AuditLog> entries) {
        return entries.stream()
                .sorted(Comparator.comparing(AuditLog::createdAt).thenComparing(Row::id, BYTE_ORDER))
                .toList();
    }
}
