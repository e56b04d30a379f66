package io.qscope.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.qscope.tck.StorageContract;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** {@code docs/extending.md}: its engine, its provider, and the tests that it shows. */
class ExtendingTest {

    private static final int MOST_LINES_OF_A_CONFORMANCE_TEST = 10;

    private final Markdown page = Markdown.page("docs/extending.md");

    @Test
    void its_engine_passes_the_kit_and_the_specifications_test(@TempDir Path classes) throws Exception {
        List<String> names = CompiledBlocks.compile(page.blocks("java"), classes);
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(
                services.resolve("io.qscope.store.StorageProvider"),
                page.blocks("services").get(0));

        TestExecutionSummary summary = runTests(names, classes);

        StringWriter failures = new StringWriter();
        summary.printFailuresTo(new PrintWriter(failures, true));
        assertThat(failures.toString()).isEmpty();
        assertThat(summary.getTestsSucceededCount()).isGreaterThan(1);
        assertThat(summary.getTestsFailedCount()).isZero();
    }

    @Test
    void a_conformance_test_takes_ten_lines_or_fewer() {
        String conformance = page.blocks("java").stream()
                .filter(block -> block.contains("extends " + StorageContract.class.getSimpleName()))
                .findFirst()
                .orElseThrow();
        assertThat(conformance.lines().filter(line -> !line.isBlank()))
                .hasSizeLessThanOrEqualTo(MOST_LINES_OF_A_CONFORMANCE_TEST);
    }

    /** Runs those of the classes that are tests, with the page's provider in sight. */
    private static TestExecutionSummary runTests(List<String> names, Path classes) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader outer = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, outer)) {
            thread.setContextClassLoader(loader);
            List<DiscoverySelector> tests = new ArrayList<>();
            for (String name : names) {
                if (name.endsWith("Test")) {
                    tests.add(selectClass(loader.loadClass(name)));
                }
            }
            LauncherDiscoveryRequest request =
                    LauncherDiscoveryRequestBuilder.request().selectors(tests).build();
            SummaryGeneratingListener listener = new SummaryGeneratingListener();
            LauncherFactory.create().execute(request, listener);
            return listener.getSummary();
        } finally {
            thread.setContextClassLoader(outer);
        }
    }
}
