package io.qscope.service;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The arrows: services see the contract, never an engine; and what else they may touch. */
class ArchitectureTest {

    private static final JavaClasses SERVICES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.qscope.service");

    @Test
    void servicesKnowTheContractAndNoEngine() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.qscope.service",
                        "io.qscope.audit",
                        "io.qscope.engine",
                        "io.qscope.key",
                        "io.qscope.model",
                        "io.qscope.result",
                        "io.qscope.store",
                        "java..",
                        "org.jspecify.annotations",
                        "org.springframework.security.crypto..",
                        "tools.jackson.core..",
                        "io.soabase.recordbuilder..")
                .check(SERVICES);
    }

    @Test
    void onlyTheHasherOfSecretsKnowsSpring() {
        noClasses()
                .that()
                .doNotHaveSimpleName(SecretHasher.class.getSimpleName())
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework..")
                .check(SERVICES);
    }

    @Test
    void nobodyReadsAClock() {
        noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .check(SERVICES);
    }
}
