"""Recorded answers of Europe PMC and what they hold: facts read from the bodies by other means than the parser."""

from __future__ import annotations

from pipelines.ingestion.indexes.contract import FaultKind
from tests.ingestion.indexes.recorded import Expected

# Five recordings were left in base64 by the recorder: as they stand they are no JSON. What they hold once decoded
# is in DECODED.
EXPECTED: dict[str, Expected] = {
    "europepmc/20662d700372.xml": Expected(
        works=25,
        place=14,
        total=5059039,
        title="Computed Tomographic Analysis of the Anatomical Characteristics of the Canine Prostatic Artery and"
        " Development of a Three-Dimensional Canine Prostate Cancer Model for Simulation of Prostatic"
        " Artery Embolization",
        year=2025,
        identifiers=("doi:10.1111/vru.70051", "pmid:40420324", "pmcid:PMC12106854"),
        authors=10,
        abstract=(1643, "ba1793a77bed"),
    ),
    "europepmc/25d9953c6c78.json": Expected(
        works=25,
        place=0,
        total=810,
        title="miRU: an automated plant miRNA target prediction server",
        year=2005,
        identifiers=("pmid:15980567",),
        authors=1,
        abstract=None,
    ),
    "europepmc/2be0d07136ad.txt": Expected(fault=FaultKind.MALFORMED),
    "europepmc/30a09fb1e133.json": Expected(
        works=22,
        place=2,
        total=5059039,
        title="Red meat intake interacts with a TGF-β-pathway-based polygenic risk score to impact colorectal"
        " cancer risk: Application of a novel approach for polygenic risk score construction",
        year=2025,
        identifiers=("doi:10.1101/2025.06.13.25329599",),
        authors=72,
        abstract=None,
    ),
    "europepmc/42391edcc9bd.json": Expected(
        works=25,
        place=3,
        total=810,
        title="Aberrant allele frequencies of the SNPs located in microRNA target sites are potentially"
        " associated with human cancers",
        year=2007,
        identifiers=("pmid:17584784",),
        authors=8,
        abstract=None,
    ),
    "europepmc/4bf67c3b9bf9.xml": Expected(works=0, total=0),
    "europepmc/4e8a7f8e466e.json": Expected(
        works=25,
        place=4,
        total=810,
        title="The phylogenetic distribution of metazoan microRNAs: insights into evolutionary complexity and"
        " constraint",
        year=2006,
        identifiers=("pmid:16838302",),
        authors=4,
        abstract=None,
    ),
    "europepmc/63355ca8c193.txt": Expected(fault=FaultKind.MALFORMED),
    "europepmc/67ad10a67b86.json": Expected(works=0, total=0),
    "europepmc/6acf2984964e.json": Expected(
        works=25,
        place=0,
        total=810,
        title="Pervasive regulation of Drosophila Notch target genes by GY-box-, Brd-box-, and K-box-class microRNAs",
        year=2005,
        identifiers=("pmid:15833912",),
        authors=3,
        abstract=None,
    ),
    "europepmc/7cc165eeda14.txt": Expected(fault=FaultKind.MALFORMED),
    "europepmc/932734938f54.json": Expected(
        works=25,
        place=5,
        total=810,
        title="RNAhybrid: microRNA target prediction easy, fast and flexible",
        year=2006,
        identifiers=("pmid:16845047",),
        authors=2,
        abstract=None,
    ),
    "europepmc/a5649394542d.json": Expected(
        works=1,
        place=0,
        total=1,
        title="Triose phosphate isomerase deficiency is caused by altered dimerization--not catalytic"
        " inactivity--of the mutant enzymes",
        year=2006,
        identifiers=("doi:10.1371/journal.pone.0000030", "pmid:17183658", "pmcid:PMC1762313"),
        authors=5,
        abstract=None,
    ),
    "europepmc/ab5237d1360e.json": Expected(works=0, total=0),
    "europepmc/b7c2379d4784.json": Expected(
        works=25,
        place=1,
        total=5933343,
        title="Filamin A interacting protein 1-like (FILIP1L) has mitochondrial localization",
        year=2025,
        identifiers=("doi:10.17912/micropub.biology.001572", "pmid:40206462", "pmcid:PMC11979717"),
        authors=4,
        abstract=None,
    ),
    "europepmc/b83f1fd9faa5.json": Expected(
        works=27,
        place=1,
        total=5059039,
        title="Metagenomic analyses reveal E. coli-derived siderophores as potential signatures for breast cancer",
        year=2025,
        identifiers=("doi:10.21203/rs.3.rs-6600116/v1",),
        authors=5,
        abstract=None,
    ),
    "europepmc/bd160d456a0b.json": Expected(
        works=25,
        place=2,
        total=5059039,
        title="Analysis of 13q RFLP in multiple endocrine neoplasia type II kindreds",
        year=1987,
        identifiers=("doi:10.1016/0165-4608(87)90049-5", "pmid:2889523", "pmcid:PMC6661231"),
        authors=3,
        abstract=None,
    ),
    "europepmc/bf264607e1e1.json": Expected(fault=FaultKind.NOT_WORKS),
    "europepmc/cfdfe63dc9c1.json": Expected(fault=FaultKind.NOT_WORKS),
    "europepmc/ddc9b1a9f198.txt": Expected(fault=FaultKind.MALFORMED),
    "europepmc/e2f63212897c.txt": Expected(fault=FaultKind.MALFORMED),
    "europepmc/ea2805baca3a.json": Expected(works=0, total=0),
    "europepmc/f77d4455199f.json": Expected(
        works=25,
        place=14,
        total=5059039,
        title="Computed Tomographic Analysis of the Anatomical Characteristics of the Canine Prostatic Artery"
        " and Development of a Three-Dimensional Canine Prostate Cancer Model for Simulation of"
        " Prostatic Artery Embolization",
        year=2025,
        identifiers=("doi:10.1111/vru.70051", "pmid:40420324", "pmcid:PMC12106854"),
        authors=10,
        abstract=(1643, "ba1793a77bed"),
    ),
}

DECODED: dict[str, Expected] = {
    "europepmc/2be0d07136ad.txt": Expected(
        works=25,
        total=139,
        title="Differential expression of olfactory genes in the southern house mosquito and insights into"
        " unique odorant receptor gene isoforms",
        year=2013,
        identifiers=("doi:10.1073/pnas.1316059110", "pmid:24167245", "pmcid:PMC3831946"),
        authors=5,
    ),
    "europepmc/63355ca8c193.txt": Expected(
        works=25,
        total=139,
        title="Subsistence strategies in traditional societies distinguish gut microbiomes",
        year=2015,
        identifiers=("doi:10.1038/ncomms7505", "pmid:25807110", "pmcid:PMC4386023"),
        authors=20,
    ),
    "europepmc/7cc165eeda14.txt": Expected(
        works=25,
        total=139,
        title="Complete Genome Sequence of Bovine Polyomavirus Type 1 from Aborted Cattle, Isolated in Belgium in 2014",
        year=2016,
        identifiers=("doi:10.1128/genomea.01646-15", "pmid:26941154", "pmcid:PMC4777765"),
        authors=8,
    ),
    "europepmc/ddc9b1a9f198.txt": Expected(
        works=25,
        total=139,
        title="The Phenotypic and Genetic Underpinnings of Flower Size in Polemoniaceae",
        year=2015,
        identifiers=("doi:10.3389/fpls.2015.01144", "pmid:26779209", "pmcid:PMC4700140"),
        authors=7,
    ),
    "europepmc/e2f63212897c.txt": Expected(
        works=25,
        total=139,
        title="Identification of a putative quantitative trait nucleotide in guanylate binding protein 5 for"
        " host response to PRRS virus infection",
        year=2015,
        identifiers=("doi:10.1186/s12864-015-1635-9", "pmid:26016888", "pmcid:PMC4446061"),
        authors=21,
    ),
}
