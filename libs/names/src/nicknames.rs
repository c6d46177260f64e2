//! Given names that stand for one another: short forms, pet names and one name's forms in several languages.
//!
//! A name may be in several groups ("Alex", "Chris", "Pat"). Names that are in the tables and share no group are known
//! to be different, however alike they are written: "Maria" is not "Mario".

use std::collections::HashMap;
use std::sync::LazyLock;

/// Groups, each name as [`words`](crate::words) gives it.
#[rustfmt::skip]
const GROUPS: &[&str] = &[
    "aaron aron ron ronnie aharon", "abigail abby abbie gail abbey", "abraham abe abram avraham ibrahim ebrahim", "ada adeline adelaide addie della adele", "adam addy adamo", "adrian adrien adriano hadrian", "adriana adrienne adrianne",
    "agnes aggie agnieszka nessie", "ahmed ahmad achmed ahmet akhmed ahamed", "aidan aiden ayden adan", "alan allan allen al alain alun", "albert al bert bertie alberto albrecht", "alejandro alexander alexandre alessandro alex alec aleksandr aleksander aleksandar alexandros alek sandy sasha xander lex alistair alasdair alastair iskander sander oleksandr",
    "alexandra alejandra alessandra alex lexi lexie sandra sandy sasha aleksandra alexa alexandria", "alexis alexi alexei alexey aleksei aleksey alexius oleksii alyosha", "alfred al fred alfie alfredo freddie freddy", "ali aly alee", "alice alicia ally allie alisa alyssa elise alix", "allison alison ali allie allyson alyson", "alvin al alvah", "amanda mandy manda amandine", "amelia amy millie amalia emilia", "amin ameen amine",
    "anastasia stacy stacey nastya ana anastasiya anastacia", "andrea andi andie andy drea andreea", "andrew andy drew andreas andre andrei andrey andrzej andres andrej anders andrii andriy ondrej andras", "angela angie angel angelina angelica angeline angelika", "ann anne anna annie nan nancy ana anya annette anita annika anja hanna nina", "anthony tony antonio anton antoine antony antonin antonius ant toni", "antonia toni tonya antonina antoinette nettie tonia", "arnold arnie arnaldo arnaud", "arthur art artie arturo artur", "artem artyom artiom", "aubrey bree", "august gus augustus augustine augustin augusto agustin gustavo",
    "barbara barb babs barbie bobbie barbra basia varvara", "barnabas barney barnaby", "bartholomew bart barry bartolomeo bartosz", "beatrice bea trixie beatrix beatriz", "benedict ben benny benedikt benedetto", "benjamin benj ben benny benji benjy bennie beniamino binyamin", "bernard bernie bernhard bernardo barney bernd", "bernadette bernie", "bertha bertie", "beth bethany elizabeth betsy", "beverly bev beverley", "bradley brad", "bradford brad", "brandon brand branden brendan", "brenda bren", "brian bryan bryant brien bryon", "bridget bridie brigid birgit brigitte biddy bridgette", "bruce brucie", "burton burt",
    "caleb cal", "calvin cal", "cameron cam", "camille camila camilla cammie", "carl karl carlo carlos charles karel", "caroline carolyn carol carrie caro lyn carolina karolina karoline", "cassandra cass cassie sandra sandy kassandra", "catherine cathy kate katie kathy cat katherine kathryn kay kit kitty kathleen kat katya ekaterina yekaterina katarina katharine caterina catalina katrina trina karen kasia katarzyna cathleen kathrine kateryna catharine katharina cate cathryn", "cecilia cecily celia cissy cecile cecelia sheila", "celeste celestine", "chad chadwick", "charles chas charlie chuck chas chip charley carlos carl karl carlo chaz chick", "charlotte charlie lottie lotte char carlotta", "chester chet", "christian chris kristian cristian christiaan krystian", "christina christine chris chrissy tina christy kristina kristine kristin kristen christie kirsten cristina krystyna khristina christa krista kris kristi kristy kirstin christiana", "christopher chris kit topher cristobal christoph christophe kristoffer cristoforo kris krzysztof christofer kristopher", "clarence clare", "clara claire clare klara clair", "claudia claudie claude", "clifford cliff clifton", "clinton clint", "colin collin cole", "constance connie constanza", "conrad konrad con", "cornelius neil con corny connor cornelis", "courtney court", "craig", "curtis curt kurt", "cynthia cindy cyndi cyn",
    "daisy margaret", "daniel danl dan danny daniil danila daniele dany danil danyal", "danielle dani daniela daniella danny", "darlene darla", "darren darin darrin daren", "darryl daryl darrell darrel", "david dave davey davy davide dawid davit dovid dawud", "deborah deb debbie debby debra devorah debora", "delores dolores lola lolita dee", "dennis denny denis denys dionysius", "derek derrick dirk deric", "diana diane di dianne dian diann", "dimitri dmitri dmitry dimitry dima dimitrios dmitriy dmytro dimitris", "dominic dom nick dominick domenico dominique domingo", "donald don donnie donny", "dorothy dot dottie dolly dorothea dora", "douglas doug dougie", "duncan dunc", "dwayne duane dwain",
    "earl earle", "ebenezer eben", "edgar ed eddie edgardo", "edith edie edyth", "edmund ed eddie ted ned edmond edmundo", "edward edw ed eddie ted teddy ned eduardo edouard eduard edvard edoardo ward", "edwin ed eddie edwyn", "eileen ilene aileen", "elaine laine helaine", "eleanor ellie nell nora nellie elinor lenore eleonora leonora elena", "elijah eli elias ilya ilyas elie", "elizabeth liz lizzie beth betty betsy eliza libby elisabeth bess bessie elsie elise lisa lisbeth elspeth isabel isabella bette elisabetta elizaveta lizbeth elisa ilse babette", "ella ellen ellie elle", "ellen helen nell nellie ellie helena", "elliot eliot elliott", "emanuel emmanuel manny manuel immanuel manolo manu", "emil emile emilio", "emily em emmy emilie emilia millie emmie", "emma em emmy emmie", "eric erik rick ricky erick erich eryk rikard", "erica erika ricki rikki", "ernest ernie ernesto ernst", "ethan", "ethel", "eugene gene yevgeny evgeny eugen eugenio evgeni yevgeniy evgeniy yevgeni yevhen", "eugenia genie yevgenia", "eva eve evie ava evita", "evelyn evie eve lynn evelina", "ezekiel zeke", "ezra ez",
    "farid fareed", "fatima fatma fatimah fatema", "felicia felicity", "felix", "ferdinand fernando fern hernando ferdie", "florence flo florrie flossie fiorenza", "frances fran fanny francesca francine frankie francoise francisca franny", "francis frank francisco francesco frankie franz francois fran paco pancho franciszek frans frantisek ferenc", "franklin frank", "frederick fredk fred freddie fritz frederic friedrich federico fredrick fredric rick frederik fryderyk freddy",
    "gabriel gabe gabi gavriel gabriele", "gabriella gabby gabriele gabriela gabrielle gaby brielle", "gail gayle gale", "gary garry garrett", "genevieve gen jenny viv", "geoffrey geoff jeff jeffrey jeffery jeffry jefferey gottfried", "george geo georg jorge giorgio georgie yuri georges georgy georgiy georgios jerzy juri yury yuriy jurgen giorgi", "georgia georgina georgie gina georgiana", "gerald gerry jerry jerald gerard gerardo gerhard geraldo gerrit gerd", "geraldine gerry geri jerry", "gertrude trudy gertie", "gilbert gil bert gilberto", "giovanni john gianni ivan", "glen glenn", "gloria glory", "gordon gord gordy", "grace gracie graciela grazia", "graham graeme grahame", "gregory greg gregg grigory gregor gregorio grigori grzegorz grigoriy gregoire hryhoriy", "guillermo william guglielmo", "gwendolyn gwen wendy",
    "hamid hameed", "hannah hanna anna hana", "harold hal harry harald aroldo", "harriet hattie harriett", "harrison harry", "harvey harv", "hassan hasan hasane", "heather", "hector ettore", "heidi adelheid", "helen helene nell ellen lena elena helena yelena eleni ilona olena", "henrietta etta hettie henriette", "henry hank harry hal enrique henri heinrich hendrik enrico heinz henrik henryk rik", "herbert herb bert heribert", "herman hermann armand armando", "hilary hillary", "horace horatio", "howard howie", "hubert hugh bert huberto", "hugh hugo hughie ugo", "hussein hussain husain hossein husein hosein husayn",
    "ian iain john", "ida", "ignatius ignacio iggy nacho ignaz", "igor ihor", "irene renee irina rena iryna irena", "isaac ike itzhak isaak yitzhak zak izzy", "isabel isabella izzy bella isabelle isobel ysabel belle", "isaiah ike", "israel izzy", "ivan john vanya ioan",
    "jacob jake jacobo jakob yakov jacques jack james jakub yaakov iacob", "jacqueline jackie jacquelyn jacquie jacklyn", "jaime james jamie", "james jas jim jimmy jamie jem diego jacques jaime giacomo jimmie jas seamus hamish", "jane janie jan jean janet jenny joan johanna janina", "janet jan janette jeannette jeanette", "janice jan janis", "jasmine jaz yasmin yasmine yasmeen jazmin", "jason jay jase", "jean jeanne jeannie jeanie joan jane", "jeffrey jeff geoff jeffery", "jennifer jen jenny jenn jennie jenifer", "jeremiah jerry jeremy jem jeremias yirmiyahu", "jerome jerry jeronimo hieronymus geronimo", "jesse jess jessie", "jessica jess jessie jessika", "jill gillian jillian gill jilly", "joan joanie joann johanna joanna joanne jo juana joana giovanna jane ioana", "joel joe yoel", "john jack johnny jon ian juan johann johannes giovanni ivan jean jan johan johnnie sean shaun shawn hans evan joao yochanan yahya yohannes jonas jonny janos ion ioannis gianni jens", "jonathan jon jonny john nathan johnathan jonathon jonatan yonatan johnathon nate", "jordan jordi jordon", "joseph joe joey jose giuseppe josef yosef josep yusuf pepe yousef youssef jozef jo iosif josip yusef yousuf beppe jos", "josephine jo josie josefina fifi giuseppina josefa", "joshua josh yehoshua giosue", "joyce", "juan john", "judith judy judi jude yehudit", "julia julie jules giulia yulia juliana julianna juliane iuliia yuliya", "julian jules giuliano julien julio julius jule yulian", "justin jus justyn giustino", "justine justina",
    "karen kari karin caren karyn", "keith", "kelly kellie kelley", "kenneth ken kenny kenn kent", "kevin kev kevan", "kimberly kim kimberley kimmy", "khaled khalid kaled khalil", "kyle",
    "lance lancelot launcelot", "laura laurie lori lauren laurel lora lorraine", "lauren laurie ren loren", "lawrence larry laurence lorenzo laurie lars lorenz laurent lonnie lauritz", "leah lea leia", "leo leon leonard lev leonid leonardo", "leonard len lenny leo leonardo leonhard lennie", "leopold leo poldi leopoldo", "leroy roy lee", "leslie les lesley", "lewis lou lew louis luis", "lillian lily lil lilian lilly liliana", "linda lindy lynn lin lynda", "lindsay lindsey lin lynsey", "lloyd loyd floyd", "louis lou louie luis ludwig luigi lewis lluis aloysius", "louise lou lulu luisa louisa luise", "lucas luke luca lukas lucasz luka lukasz luc", "lucille lucy lucia lucie lucinda cindy lucila lucilla", "lydia lidia lidiya", "lynn lynne lyn",
    "madeline maddie maddy madeleine madelyn magdalena lena lynn madelein madalyn", "mahmoud mahmud mahmood mahmoed", "malcolm mal", "marcus marc mark marco marcos marek markus marcin marko marcel", "margaret maggie meg peggy marge margie greta madge rita margarita marguerite margot daisy margo margarethe gretchen maggy megan malgorzata margherita magda peg", "maria mary marie mariya maya miriam maryam mia mariam marija", "marianne marian maryanne maryann marion mariana marianna", "marilyn lynn mary marylyn", "marjorie marge margie marjory margery", "mark marc marcus marco marek marko", "marsha marcia marcy", "martha marty patty mattie marta marfa", "martin marty martyn martino marten martinus", "marvin marv merv mervin", "mary molly polly mamie may marie maria mae miriam mitzi marya", "matilda tilly mattie maud tillie mathilde", "matthew matt matty mateo mathew matthias mattias matteo mathieu matthieu mateusz matvei matias matthijs mathias matvey", "maureen mo moira maurine", "maurice mo morris moritz mauricio maurizio moe", "maximilian max maxim maximo maks maksim maxwell massimo maksym maxime massimiliano", "megan meg meghan meaghan", "melanie mel melany", "melinda mindy linda mel", "melissa mel missy lissa", "melvin mel", "mercedes mercy", "michael mike mick mickey micky miguel mikhail michel mikey michele mischa misha mikael michal mihai mihail mitch mikel mykhailo maik", "michelle shelly michele micki shelley mishelle", "mildred millie milly", "milton milt", "minnie wilhelmina", "mitchell mitch", "mohammed muhammad mohamed mohammad muhammed mohamad mohamet mo mehmet mahomet muhamad mohd muhamed moh mohammod muhammet magomed", "monica monika mona monique", "morgan", "morris maurice moe", "moses moe moshe moises moishe musa mousa moussa",
    "nadia nadezhda nadya nadine nadiya", "nancy nan nance ann nanette", "natalie nat natalia natasha nataliya natalya nathalie talia", "nathan nate nat nathaniel natan nathanael", "nathaniel nat nate nathan nathanial", "neil neal niall nial nigel", "nicholas nick nicky nicolas nikolai nicola niklas klaus nico nikolas nicolai claus nikolay nikolaus mykola nicolo colin nickolas nikolaos miklos nic", "nicole nicky nikki nicola nicolette colette nichole", "noah noe", "noel nowell", "nora norah eleanor honora", "norman norm", "norma",
    "oksana oxana roksana", "oleg oleh", "olga olya", "oliver ollie olivier oliviero", "olivia liv livvy olivie", "omar umar omer oumar", "oscar oskar", "osama usama", "otis otto", "owen eoin",
    "pamela pam pammy", "patricia pat patty tricia trish patsy patti patrizia trisha", "patrick pat paddy patricio rick padraig patryk patrik", "paul pablo paulo paolo pavel pauly pol paulie pawel pavlo", "paula polly paulina pauline paola paulette", "penelope penny pen", "percival percy", "peter pete pedro pierre pietro piotr pyotr petr petros pieter petro petar", "philip phil phillip felipe philippe filip philipp filippo flip pip", "phyllis phyl", "preston pres", "priscilla cilla prissy",
    "quentin quinn quint quincy quinton", "rachel rae ray rachael raquel shelly rachelle rahel", "ralph ralf raul raoul rafe rolf", "ramon raymond ray raimundo raymundo", "randall randy randal", "randolph randy dolph", "raphael rafael rafe rafi raffaele rafal rafa", "rashid rasheed rachid", "rebecca becky becca beck rebekah rebeca reba", "regina reggie gina", "reginald reg reggie rex reynaldo reinaldo rinaldo", "renee rene renata", "richard richd rick rich dick ricky richie ricardo riccardo rickie ritchie rikard dickie ryszard ricard", "rita margarita", "robert robt bob rob bobby robbie bert roberto bobbie robb rupert robby roberts robrecht", "roberta bobbie robbie", "roderick rod rory roddy rodrigo rodrick", "rodney rod", "roger rog rodge rogelio ruggero rodger rutger", "roland rollie orlando rolando roly", "ronald ron ronnie ronny ronaldo", "rosa rose rosie rosalia rosita", "rosemary rose rosie romy rosemarie", "rosalind roz rosalinda rosalyn", "rosanne roxanne roxy rosanna roseanne roxana", "roy leroy", "ruben reuben rube", "rudolph rudy rudolf rodolfo", "russell russ rusty russel", "ruth ruthie",
    "sabrina brina", "said saeed saied sayed saeid", "salvatore sal sally salvador sam", "samantha sam sammy sammie", "samuel saml sam sammy shmuel samuele samuil", "sandra sandy alexandra sondra", "sarah sally sara sadie sarai zara", "scott scotty scot", "sean shawn shaun shane", "sebastian seb bastian sebastien sebastiano", "sergei sergey serge sergio serhiy sergiu sergii serhii sergiy", "seth", "shannon", "sharon shari sherry sharron", "sheila shelagh cecilia", "shirley shirl", "sidney sid sydney", "sigmund siggy zygmunt sigismund siegmund", "simon sim simeon shimon semyon shimeon szymon", "sofia sophia sophie zofia sofiya sofie sonia sonya", "solomon sol suleiman shlomo sulaiman salomon saul sollie", "sonia sonya sonja sophia", "spencer spence", "stanley stan stanislav stanislaw stanislaus", "stella estelle estella", "stephanie steph stefanie stephany stevie stefania stephania", "stephen steve steven stephan esteban stefan stevie etienne stefano step stepan stephane istvan szczepan stephon", "stuart stu stewart", "susan sue susie suzy suzanne susanna susannah sukie zuzana suzan susanne zuzanna suzie susana suzanna shoshana", "sylvester sly silvestre", "sylvia silvia syl sylvie", "svetlana sveta lana svitlana",
    "tabitha tabby", "tamara tammy tamar tam", "tatiana tanya tatyana tania tetiana tatjana", "teresa theresa terry tess tessa terri tracy therese teresita terese", "terrence terry terence terrance torrance", "thaddeus thad ted tad tadeusz tadeo", "theodora dora thea teddy", "theodore ted teddy theo teodoro theodor fyodor teodor fedor fyodr tad fedir feodor", "thomas thos tom tommy tomas tommaso thom tam toma tomasz", "timothy tim timmy timofey timo timoteo", "tobias toby tobiah tobin", "todd", "tracy tracey tracie", "tyler ty", "tyrone ty", "ursula ursel orsola",
    "valentina val tina", "valentine val valentin valentino", "valerie val valeria valeriya valery", "vanessa nessa", "vasily vasiliy vasili basil vasyl vassily wassily vasilios", "vera", "vernon vern verne", "veronica ronnie vera roni veronika veronique", "victor vic vick viktor vittorio wiktor", "victoria vicky tori vikki vicki viktoria viktoriya vickie vittoria", "vincent vince vinny vin vincenzo vicente vinnie", "viola violet violetta", "virginia ginny ginger gina ginnie", "vivian viv vivien vivienne bibiana", "vladimir vlad volodya wladimir volodymyr wlodzimierz", "vladislav vlad vladyslav wladyslaw ladislav laszlo", "vyacheslav viacheslav slava",
    "wallace wally", "walter walt wally gualtiero walther gautier", "warren", "wayne", "wendy wendi", "wesley wes", "wilfred wilf fred", "wilhelmina mina minnie willa billie wilma", "willard will", "william bill will billy willy liam willie wilhelm guillermo willem guillaume guglielmo bil wm vilhelm gwilym", "winifred winnie freda", "winston win winnie", "woodrow woody",
    "xavier javier zavier saverio", "yaroslav jaroslav yarik jaroslaw", "yolanda jolanta yoli yolande iolanda", "yuri yury yuriy iurii juri", "yusuf joseph yousef yusef", "yves ivo ivor", "yvonne ivonne von", "zachary zach zack zak zachariah zechariah zacharias zachery zackary", "zoe zoey",
];

/// Given names that stand alone. They tell a person's name from a company's, and one person's from another's.
#[rustfmt::skip]
const ALONE: &str = "alberta alma amber amir amit amos andrea ana angelo anil april archer arlene arjun ashley ashok astrid \
    aurora austin axel ayesha babak beau bianca blake bonnie boris brad brady brent brett brianna brittany brooke bryce byron \
    candace carla carlton carmen carmine carter cary casey catalina cecil cesar chandra chase chelsea cheryl claudio clay \
    clayton clement clyde cody corey cory crystal cyrus dale dalton damian damon dana dante daphne darius dawn dean deepak \
    dexter diego dmitri dolores donna doris drake dustin dylan edna elena eleonora elias elliot elmer elsa enzo erin esther \
    eunice evan everett fabian faith faye fernanda fiona flora floyd frida fumiko garrett gavin georgina gina giles giorgia \
    giulio gladys glenda grant greta guido gunther guy hadley hans haruki heath hector helga herminia hideo hiroshi holly \
    hope hunter ignacio ines ingrid inez ira iris irving isidore ivy jackson jada jamal jared jasper javier jay jeanine jenna \
    joaquin jody johanna jose josue joy juanita june kai kamal karim karla katrina kayla kelvin kendall kendra kenji kerry \
    kiran kirk krishna kumar kurt lamar lana latoya leila lena leticia levi lewis lila lionel lisa logan lois lorena loretta \
    lucia luis luz lyle mabel mandy manuel marcelo marcia margarita maribel mario marisa marisol marlene marlon mason maya \
    mei mehdi mercedes mia miles milan milo miranda miriam mona murray mustafa myra myron nadia naomi natasha neha nelson \
    nina noel noor octavia odette omar oscar osman otto paige pearl perry petra phoebe pierre priya qasim ramesh randy rajesh \
    raj rajiv ramon rana raul rene rex rhonda rhys riley rocco rohan roman ronan rosario ross ruby ryan salma samir sanjay \
    santiago santos satoshi selena serena shane shanta shelby sheldon sherman shirin philippa denise harriet carla paula georgia roberta francis edwin roland sierra silas silvio skyler sofia sonia \
    stacy sterling summer sunil suresh sven tanya tara tariq ted teresa tiffany tina todd travis trevor trent troy uma vera \
    vernon vijay viola violet wanda warren wendell wilbur willow wilson xiaoming yasmin yoko yolanda yusra zahra zoltan \
    mateo lucas liam noah emma ava olivia luna amelie hiro kenta yuki takashi akira wei ming jing jun hao xin yan ying \
    ling hui lei fang bin sung min joon hyun soo jin young hye marcela pilar rocio alvaro ramiro rigoberto esteban guadalupe \
    concepcion consuelo esperanza graciela horacio humberto osvaldo reynaldo wilfredo ximena aisha amina halima hadija \
    kwame kofi ama chidi ngozi emeka oluwaseun adebayo babatunde nasser nabil rania layla leyla farah faisal salman bilal \
    imran irfan asif zain zainab sana hina parveen anita sunita geeta lakshmi venkat srinivas ravi rakesh mukesh mahesh \
    ganesh dinesh naresh vinod pradeep sandeep gurpreet harpreet manpreet jaspreet baljit sukhdeep";

static GROUPS_OF: LazyLock<HashMap<&'static str, Vec<u16>>> = LazyLock::new(|| {
    let mut groups: HashMap<&str, Vec<u16>> = HashMap::new();
    for (at, names) in (0_u16..).zip(GROUPS) {
        for name in names.split(' ') {
            groups.entry(name).or_default().push(at);
        }
    }
    for name in ALONE.split_whitespace() {
        groups.entry(name).or_default();
    }
    groups
});

/// The groups that a given name is in, in ascending order; none when it is not known for a given name.
pub(crate) fn groups_of(name: &str) -> Option<&'static [u16]> {
    GROUPS_OF.get(name).map(Vec::as_slice)
}

/// The first name of a group: what its names have in common, for retrieval.
pub(crate) fn head(group: u16) -> &'static str {
    GROUPS
        .get(usize::from(group))
        .and_then(|names| names.split(' ').next())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;

    #[test]
    fn the_names_are_in_the_form_that_words_have() {
        assert!(GROUPS.len() >= 150);
        for name in GROUPS_OF.keys() {
            assert_eq!(words(name), [*name]);
        }
    }

    #[test]
    fn a_short_form_shares_a_group_with_its_name() {
        let share = |one, other| {
            let (one, other) = (groups_of(one).unwrap(), groups_of(other).unwrap());
            one.iter().any(|group| other.contains(group))
        };
        assert!(
            share("bill", "william")
                && share("chris", "christine")
                && share("chris", "christopher")
        );
        assert!(
            !share("maria", "mario") && !share("daniel", "danielle") && !share("robert", "albert")
        );
        assert_eq!(groups_of("acme"), None);
    }
}
