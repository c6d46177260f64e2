//! Common surnames: two that are in the list are different, however alike they are written.

use std::collections::HashSet;
use std::sync::LazyLock;

#[rustfmt::skip]
const SURNAMES: &str = "smith johnson johnston williams williamson brown jones garcia garza miller mills davis davies \
    davidson rodriguez martinez martin martins hernandez fernandez lopez gonzalez gonzales wilson willis watson anderson sanders sanderson \
    andrews thomas thompson thomson taylor tyler moore moreno moreau jackson lee white harris harrison clark lewis robinson robertson roberts \
    robbins walker walter walters young king wright wood woods torres nguyen hill hall flores green greene adams nelson baker rivera campbell \
    mitchell carter cartwright gomez phillips evans evers turner tanner diaz parker parks parker cruz edwards collins collier reyes stewart \
    morris morrison morgan murphy murray cook cooper hooper rogers gutierrez ortiz ortega cooper peterson petersen bailey reed reid kelly kelley \
    howard howell ramos kim cox ward richardson richards brooks banks burke bennett bentley gray grey james jameson mendoza mendez mendes ruiz ruis hughes price \
    alvarez castillo patel myers meyer meyers long foster jimenez powell jenkins jennings perry russell russo sullivan bell coleman cole butler \
    henderson hendricks barnes barrett gonzales fisher fischer vasquez velasquez simmons simpson simon jordan reynolds hamilton hampton graham grant \
    griffin griffith wallace wells west cole hayes haynes hays bryant herrera herrero gibson gilbert ellis ellison tran stevens stephens stevenson \
    murray ford fowler ford marshall marsh march castro owens olson olsen hansen hanson harding hardy mcdonald macdonald macdougall mcdougall \
    wagner warner warren washington woods cohen conner connor conley hudson duncan armstrong berry carr carroll kerr carpenter chavez chapman \
    day dean dixon dickson elliott estrada ferguson fields freeman fuller fox franklin gardner garner george hart hartman hawkins henry hicks hoffman \
    holland holmes holt hunt hunter hopper hooper jacobs jacobson jensen jenson johns kennedy kelley knight lane larson larsen lawson lawrence \
    little lynch lyons mann manning mason matthews maxwell mccarthy mccoy mckinney mclaughlin medina mendoza meyer miles montgomery morales \
    moss nichols nicholson oliver palmer payne pearson pena perez perkins peters pierce pope porter powers quinn ray rice riley rios romero rose \
    ross rossi rowe ryan salazar santiago santos schmidt schmitt schneider schroeder schultz schwartz sharp shaw silva sims snyder soto spencer stone \
    strickland sutton swanson terry vargas vega vaughn wade walsh welch welsh watkins watts weaver webb weber webster wheeler whitehead wiley williamson yates \
    keats yeats calder alder hale haley said saif ivanov ivanova ivashov petrov petrova pavlov zhang zhao zhou zhu chang chan chen cheng chung wang wong \
    wu xu yang yan liu li lin liang huang hwang tanaka takada takata sato saito ito inoue hayashi park pak choi kang khan kahn kumar kapoor sharma \
    verma singh sinha gupta shah reddy iyer nair das dass roy rao hassan hussein";

static TABLE: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| SURNAMES.split_whitespace().collect());

/// Whether a word is a common surname.
pub(crate) fn is_common(word: &str) -> bool {
    TABLE.contains(word)
}
