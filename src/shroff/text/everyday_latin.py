"""English words that everyone writes: no misspelling of another word is sought where one stands."""

from __future__ import annotations

__all__ = ["EVERYDAY"]

EVERYDAY: frozenset[str] = frozenset(
    """
    able aces acid acre acts adapt adopt adult after again aged agent agree ahead aide aids aired aisle akin alert
    alien alike alive alley allow alone along aloud also alter amber amend among ample angel anger angle angry ankle
    annoy apart apple apply arena argue arise arms army aroma arose array arrow aside asked asset audit aunt avoid
    awake award aware away awful back baker balance ball bake bands bank bare bark barn base basic basin basis bath
    batter battle bead beak beam bean bear beard beast beat beds beef been beer begin begun being belief bell belly
    below belt bench bend best bias bike bill bird birth black blade blame blank blast blaze bleed blend bless blind
    block blood bloom blow blown blue board boast boat body bold bolt bond bone book boom boost boot border bore born
    boss both bottle bottom bound bowl boxes boys brain brake branch brand brave bread break breath breed brick bride
    brief bring broad broke brown brush build built bulk bull bunch burn burst bush bust busy butter button buyer
    cable cake call calm came camp canal candy cape card care cargo carry cart carve case cash cast catch cattle cause
    cave cease cell cellar cent center chain chair chalk chance change chant chaos charm chart chase chat cheap cheat
    check cheek cheer chest chief child chill chip choice choir chop chord chose chunk cider cigar circle cite city
    civil claim clash class clay clean clear clerk click cliff climb clock close cloth cloud club clue coach coal
    coast coat code coffee coin cold color comb come comet cook cool cope copy coral cord core corn cost couch cough
    could count coupe couple course court cover crack craft crane crash crazy cream credit creek crew crime crisp crop
    cross crowd crown crude cruel crush crust cube curb cure curl curse curve cycle daily dairy dance dared dark dash
    data date dawn days dead deaf deal dear death debate debt decay deck deed deep deer defeat delay dense depth desk
    devil diary diet dine dinner dirt dirty dish disk dive dock does doing doll dome done door dose doubt dough down
    dozen draft drag drain drama drank draw drawn dread dream dress dried drift drill drink drive drop drove drown drug
    drum dual duck dull dumb dune dust duty each eager eagle early earn earth ease east easy echo edge edit eight
    elbow elder elect elite else empty ends enemy enjoy enough enter entire entry equal error essay even event ever
    every exact exam exist exit extra eyes face fact fade fail faint fair faith fake fall false fame family fancy farm
    fast fatal fate father fault favor fear feast feed feel feet fell felt fence fetch fever fewer fiber field fiend
    fierce fifth fifty fight file fill film final find fine fire firm first fish five fixed flag flame flare flash flat
    flavor fleet flesh flight flip float flock flood floor flour flow flower fluid flush foam focus fold folk follow
    fond food fool foot force ford forest forge fork form formal fort forth forty forum found four frame fraud free
    fresh fried friend frog from front frost fruit fuel full fund funny fury fuse game gang gaze gear gene ghost giant
    gift girl give given glad glass globe gloom glory glove glow goal goat goes gold gone good goose grab grace grade
    grain grand grant grape graph grasp grass grave gray great greed green greet grew grief grill grin grind grip
    gross ground group grove grow grown guard guess guest guide guilt habit hair half hall halt hand hang happen happy
    hard hare harm harsh haste hate hats haul have hazard head heal health heap hear heard heart heat heavy hedge heel
    height held hell hello help hence herb herd here heron hero hide high hike hill hint hire hits hobby hold hole
    holy home honest honey honor hood hook hope horn horse host hotel hound hour house human humid humor hung hunt
    hurry hurt ideal idle image inch inner input iron irony issue item ivory jail jeans jelly join joint joke joy
    judge juice jump junk jury just keen keep kept kick kind king kiss knee kneel knew knife knock knot know known
    label labor lack ladder lady laid lake lamb lamp land lane large laser last late later laugh launch lawn lawyer
    layer lazy lead leaf leak lean learn lease least leave left legal lemon lend lens less letter level lever liar
    lick life lift light like limb limit line linen link lion list listen liter little live liver load loan local lock
    lodge lofty logic lonely long look loop loose lord lose loss lost loud love lover lower loyal luck lunch lung
    magic maid mail main major make maker male manage manner manor maple march margin mark market marsh mask mass
    master match mate matter mayor maze meal mean meat medal media medium meet melt memo mend mental menu mercy mere
    merit merry mess metal meter might mild mile milk mill mind mine minor mint minute mirror miss mist mixed mode
    model modem modern moist money month mood moon moral more most motel moth mother motor mount mouse mouth move
    movie much mud multiple murmur muscle music must myth nail naked name narrow nasty nation nature navy near neat
    neck need nerve nest never news next nice niece night nine noble node noise none noon norm north nose note noun
    novel nurse oath object ocean odds offer office often oils older olive once only onto open opera orange orbit
    order organ other ounce ours outer oven over owed owner oxide pace pack page paid pain paint pair palace pale palm
    panel panic pants paper parcel pardon parent park parole part parties party pass past paste patch path patrol pause
    peace peach peak pearl peel peer pencil penny people person phase phone photo piano pick piece pile pill pilot
    pinch pine pink pipe pitch place plain plan plane plant plate play plead please plenty plot plug plus pocket poem
    poet point poison poker pole police policy polite poll pond pool poor pope porch pork port pose post pound pour
    power praise pray press pretty price pride priest prime print prior prison prize probe profit proof proper proud
    prove public pull pump punch pupil pure purple purse push quack queen quest queue quick quiet quilt quit quite
    quote race rack radar radio rage raid rail rain raise rally ranch range rank rapid rare rate rather ratio raven
    reach react read ready real rear rebel recall refer region reign relax relief rely remain remote rent repay reply
    rescue rest result return revel rich ride rifle right rigid ring riot ripe rise risk rival river road roast robe
    robot rock rocket role roll roman roof room root rope rose rough round route royal ruin rule ruler rural rush
    sack sacred sad safe saga said sail saint salad sale salon salt same sand sauce save scale scan scar scare scarf
    scene scent school scope score scout scrap screen script seal search season seat second secret secure seed seek
    seem seen self sell send sense sent serve seven sever shade shadow shaft shake shall shame shape share shark sharp
    shed sheep sheer sheet shelf shell shield shift shine ship shirt shock shoe shoot shop shore short shot should
    shout show shown shut sick side siege sight sign signal silent silk silly silver simple since sing singer single
    sink sister site size skill skin skip skirt skull sleep sleeve slice slid slide slight slip slope slot slow small
    smart smell smile smoke smooth snack snake snap sneak snow soap sober social sock sofa soft soil solar sold sole
    solid solve some song soon sorry sort soul sound soup sour source south space spare spark speak spear speech speed
    spell spend spent spice spider spike spin spine spirit spite split spoil spoke spoon sport spot spray spread spring
    squad square stable stack staff stage stain stair stake stale stamp stand star stare stark start state statue
    stay steady steak steal steam steel steep steer stem step stern stick stiff still sting stir stock stole stone
    stood stool stop store storm story stove strain strand strange straw stream street strength stress stretch strict
    strike string strip stroke strong struck study stuff style sugar suit sunny super sure surf surge swan swap swear
    sweat sweep sweet swell swift swim swing sword table tail take taken tale talk tall tame tank tape target task
    taste taught teach team tear teeth tell temper temple tend tender tent term terror test text than thank that theft
    their them theme then there thick thief thigh thing think third this thorn those though thread threat three threw
    throat throne through throw thumb thus tick ticket tide tiger tight tile till timber time tin tiny tire tired title
    toast today toe token told toll tomb tone tongue tool tooth topic torch tore torn total touch tough tour towel
    tower town toxic trace track trade trail train trait trap tray treat tree trend trial tribe trick trip troop trot
    trout truck true trunk trust truth tube tune turn twelve twice twin twist type uncle under union unit unite unity
    until upon upper upset urban urge used user usual vain valid valley value valve van vary vast vault vein venue
    verb verse very vessel vest video view villa vine vinyl virus visa visit vital vivid vocal voice void vote wage
    waist wait wake walk wall want ward warm warn wash waste watch water wave weak wealth weapon wear weary weather
    weave week weigh weight weird well went were west whale what wheat wheel when where which while whip whisper
    white who whole whom whose wide wife wild will wind window wine wing wink winner winter wipe wire wise wish with
    witch within wolf woman women wonder wood wool word wore work world worm worn worry worse worst worth would wound
    wrap wreck wrist write wrong wrote yard yarn year yeast yell yellow yield young your youth zebra zero zone
    """.split()  # noqa: SIM905  a list would take a line a word
)
"""Common words, and those that are a letter away from others."""
